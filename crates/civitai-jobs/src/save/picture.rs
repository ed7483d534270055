//! What kind of picture a file is, told from its first bytes.

/// As many first bytes as [`Kind::of`] and [`size`] look at.
pub(super) const HEAD: usize = 24;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    Webp,
    /// Nothing that is known here, and nothing that is text.
    Other,
}

impl Kind {
    /// The kind by the first bytes, or else by the media type; `None` for text, which is a message
    /// of a server and no picture.
    pub(super) fn of(head: &[u8], media_type: &str) -> Option<Self> {
        if head.starts_with(PNG) {
            return Some(Self::Png);
        }
        if head.starts_with(b"\xff\xd8\xff") {
            return Some(Self::Jpeg);
        }
        if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            return Some(Self::Webp);
        }
        let media_type = media_type.split(';').next().unwrap_or_default();
        match media_type.trim().to_ascii_lowercase().as_str() {
            "image/png" => Some(Self::Png),
            "image/jpeg" => Some(Self::Jpeg),
            "image/webp" => Some(Self::Webp),
            "application/json" | "application/xml" => None,
            text if text.starts_with("text/") => None,
            _ => Some(Self::Other),
        }
    }

    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
            Self::Other => "bin",
        }
    }
}

/// Width and height of a PNG; other formats do not have them at a fixed place.
pub(super) fn size(head: &[u8]) -> Option<(u32, u32)> {
    if !head.starts_with(PNG) {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    Some((number(16)?, number(20)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_beat_the_media_type_and_text_is_no_picture() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x03\0";
        for (head, media_type, kind) in [
            (&png[..], "text/html", Some(Kind::Png)),
            (b"\xff\xd8\xff\xe0", "", Some(Kind::Jpeg)),
            (b"RIFF\0\0\0\0WEBPVP8 ", "", Some(Kind::Webp)),
            (b"RIFF\0\0\0\0AVI ", "image/webp; q=1", Some(Kind::Webp)),
            (b"", "Image/PNG", Some(Kind::Png)),
            (b"\0\0\0\x18ftypmp42", "video/mp4", Some(Kind::Other)),
            (b"<html>", "text/html; charset=utf-8", None),
            (b"{}", "application/json", None),
        ] {
            assert_eq!(Kind::of(head, media_type), kind, "{media_type}");
        }
        assert_eq!(size(png), Some((512, 768)));
        assert_eq!(size(&png[..20]), None);
    }
}
