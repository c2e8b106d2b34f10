"""Static files in production: compressed, and under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Our script imports others by these names too, so that no browser mixes a new script with an old one.

    Django's own setting for this reads the scripts of every package, and stops at examples in their comments.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("app.js", ((r"""(?P<matched>from ['"](?P<url>\./[^'"]+)['"])""", 'from "%(url)s"'),)),
    )
