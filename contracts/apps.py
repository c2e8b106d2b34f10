from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "contracts"

    def ready(self) -> None:
        from commissioning.access import register_exceptions
        from contracts.exceptions_to_access import CONTRACT_EXCEPTIONS

        register_exceptions("contract", CONTRACT_EXCEPTIONS)
