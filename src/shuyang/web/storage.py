"""Static files under names that carry their hash, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStatic(CompressedManifestStaticFilesStorage):
    """A reference to a file that is not there (vendored CSS names optional ones) is left as it is."""

    manifest_strict = False
