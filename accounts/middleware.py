from pghistory.middleware import HistoryMiddleware


class ActMiddleware(HistoryMiddleware):
    """Rows changed outside a named act (the administration pages) still say who and where."""

    def get_context(self, request):
        user = getattr(request, "user", None)
        person = user if user is not None and user.is_authenticated else None
        return {
            "act": "Changed in the administration pages" if request.path.startswith("/admin/") else "",
            "actor": person.pk if person else None,
            "actor_name": str(person) if person else "nobody signed in",
        }
