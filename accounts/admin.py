"""Administration pages of people's accounts, for superusers; every change is recorded by triggers.

Groups hold the grants, which follow from partnerships alone, so nobody edits them by hand here.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from accounts.acts import act
from accounts.models import User

admin.site.site_header = "Joint Commissioning administration"
admin.site.site_title = "Joint Commissioning administration"
admin.site.index_title = "Reference data"
# The same door as everybody's, with its limits on wrong passwords.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Organisation administrators add their people; here is where the first of them come from.

    Somebody added here sets a password through «Forgotten your password?».
    """

    list_display = ["name", "email", "is_active", "is_staff", "is_superuser"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The address is also allauth's, which checks it: it stays as it was added."""
        return [*self.readonly_fields, "email"] if obj else list(self.readonly_fields)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        with act("Person added", by=request.user if isinstance(request.user, User) else None):
            obj.email = User.objects.normalise(obj.email)
            obj.set_unusable_password()
            obj.save()
            EmailAddress.objects.create(user=obj, email=obj.email, verified=True, primary=True)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a person did stays on record; an account that has ended is made inactive."""
        return False
