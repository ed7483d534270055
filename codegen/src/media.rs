//! Media types.

/// Whether a media type is JSON, one document.
pub(crate) fn is_json(media: &str) -> bool {
    let bare = bare(media);
    (bare == "application/json" || bare == "text/json" || bare.ends_with("+json"))
        && !bare.starts_with("application/stream+")
}

/// A media type without its parameters.
pub(crate) fn bare(media: &str) -> String {
    let bare = media.split(';').next().unwrap_or(media);
    bare.trim().to_lowercase()
}
