"""What contracts add to the Scope: single contracts opened to named organisations, and a provider's own."""

from commissioning.access import ExceptionSource
from contracts.services.restriction import regrant

CONTRACT_EXCEPTIONS = ExceptionSource(
    exceptions="""
        SELECT p.codename, c.id
        FROM held
        JOIN contracts_contractgroupobjectpermission g ON g.group_id = held.group_id
        JOIN auth_permission p ON p.id = g.permission_id
        JOIN contracts_contract c ON c.id = g.content_object_id AND c.is_restricted
        WHERE EXISTS (SELECT 1 FROM partner
                      WHERE partner.unit_id = c.unit_id AND partner.organisation_id = held.organisation_id)
           OR (held.role = %(provider)s AND EXISTS (
                      SELECT 1 FROM contracts_contractprovider cp
                      WHERE cp.contract_id = c.id AND cp.organisation_id = held.organisation_id))
    """,
    own="""
        SELECT cp.contract_id AS id
        FROM held
        JOIN contracts_contractprovider cp ON cp.organisation_id = held.organisation_id
        WHERE held.role = %(provider)s
    """,
    regrant=regrant,
)
