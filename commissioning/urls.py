from django.urls import path

from commissioning.views import partners, people, stand_ins, units

urlpatterns = [
    path("units/", units.units, name="units"),
    path("units/choose/", units.unit_choose, name="unit_choose"),
    path("units/<slug:code>/partners/", partners.partners, name="partners"),
    path("units/<slug:code>/partners/find/", partners.partner_find, name="partner_find"),
    path("units/<slug:code>/partners/add/<int:organisation>/", partners.partner_add, name="partner_add"),
    path("units/<slug:code>/partners/<int:pk>/level/", partners.partner_level, name="partner_level"),
    path("units/<slug:code>/partners/<int:pk>/leave/", partners.partner_leave, name="partner_leave"),
    path("people/", people.people, name="people"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/roles/<int:pk>/end/", people.role_end, name="role_end"),
    path("people/<int:organisation>/<int:person>/", people.person, name="person"),
    path("people/<int:organisation>/<int:person>/invite/", people.person_invite, name="person_invite"),
    path("people/<int:organisation>/<int:person>/stand-in/", stand_ins.person_stand_in, name="person_stand_in"),
    path("standing-in/", stand_ins.stand_ins, name="stand_ins"),
    path("standing-in/<int:pk>/end/", stand_ins.stand_in_end, name="stand_in_end"),
    path("people/<int:organisation>/<int:person>/leave/", people.person_leave, name="person_leave"),
]
