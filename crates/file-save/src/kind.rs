//! What a file is: told from its first bytes, or else from the media type that came with it.

use infer::MatcherType;
use serde_json::Value;

/// As many first bytes as [`Kind::of`] and [`size`] look at; an archive shows itself at 262.
pub(crate) const HEAD: usize = 512;

/// What a PNG begins with.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The largest header that the format of weights allows, in bytes.
const WEIGHTS_HEADER: u64 = 100_000_000;

/// Media types and the extension of their files, the usual name of a type first.
const TYPES: [(&str, &str); 36] = [
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/jpg", "jpg"),
    ("image/webp", "webp"),
    ("image/gif", "gif"),
    ("image/avif", "avif"),
    ("image/heif", "heif"),
    ("image/svg+xml", "svg"),
    ("video/mp4", "mp4"),
    ("video/webm", "webm"),
    ("video/quicktime", "mov"),
    ("video/x-matroska", "mkv"),
    ("application/vnd.apple.mpegurl", "m3u8"),
    ("application/x-mpegurl", "m3u8"),
    ("audio/mpeg", "mp3"),
    ("audio/mp3", "mp3"),
    ("audio/wav", "wav"),
    ("audio/x-wav", "wav"),
    ("audio/ogg", "ogg"),
    ("audio/opus", "opus"),
    ("audio/flac", "flac"),
    ("audio/x-flac", "flac"),
    ("audio/aac", "aac"),
    ("audio/mp4", "m4a"),
    ("model/gltf-binary", "glb"),
    ("model/gltf+json", "gltf"),
    ("application/zip", "zip"),
    ("application/x-tar", "tar"),
    ("application/gzip", "gz"),
    ("application/x-safetensors", "safetensors"),
    ("application/json", "json"),
    ("application/xml", "xml"),
    ("text/xml", "xml"),
    ("text/csv", "csv"),
    ("text/markdown", "md"),
    ("text/plain", "txt"),
];

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Kind {
    /// The extension that such a file has, without a dot.
    pub extension: &'static str,
    /// Its media type.
    pub media_type: &'static str,
}

impl Kind {
    const OTHER: Self = Self {
        extension: "bin",
        media_type: "application/octet-stream",
    };

    /// The kind by the first bytes, or else by the media type.
    pub(crate) fn of(head: &[u8], media_type: &str) -> Self {
        let by_content = named_by_us(head).or_else(|| named_by_infer(head));
        let essence = essence(media_type);
        by_content
            .or_else(|| listed(&essence))
            .unwrap_or_else(|| match () {
                () if is_drawing(head) => kind("svg", "image/svg+xml"),
                () if essence.starts_with("text/") => kind("txt", "text/plain"),
                () => Self::OTHER,
            })
    }

    /// The extensions under which pictures, clips, sounds, archives and models are saved. Text has
    /// none here: a note beside a picture often has the name of the picture.
    #[cfg(feature = "disk")]
    pub(crate) fn media_extensions() -> impl Iterator<Item = &'static str> {
        let text = |media_type: &str| {
            media_type.starts_with("text/")
                || ["json", "xml"].iter().any(|t| media_type.ends_with(t))
        };
        let listed = TYPES
            .iter()
            .filter(move |(media_type, _)| !text(media_type));
        listed.map(|(_, extension)| *extension)
    }
}

const fn kind(extension: &'static str, media_type: &'static str) -> Kind {
    Kind {
        extension,
        media_type,
    }
}

/// Whether an error document came: what a storage says in XML or JSON, under whatever status.
pub(crate) fn is_report(whole: &[u8]) -> bool {
    let text = whole.trim_ascii_start();
    if text.starts_with(b"<") {
        let root = match text.windows(2).position(|end| end == b"?>") {
            Some(end) if text.starts_with(b"<?xml") => text[end + 2..].trim_ascii_start(),
            _ => text,
        };
        return root.starts_with(b"<Error>") || root.starts_with(b"<Error ");
    }
    let Ok(Value::Object(members)) = serde_json::from_slice(text) else {
        return false;
    };
    let has = |name: &str| members.contains_key(name);
    has("error") || has("errors") || (has("code") && has("message"))
}

/// Formats of models and playlists, which few tell. Weights come first: they begin with a number, which may look
/// like anything.
fn named_by_us(head: &[u8]) -> Option<Kind> {
    let number = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes);
    let header = head.first_chunk().map(number);
    if header.is_some_and(|bytes| bytes <= WEIGHTS_HEADER) && head.get(8..10) == Some(b"{\"") {
        return Some(kind("safetensors", "application/x-safetensors"));
    }
    if head.starts_with(b"#EXTM3U") {
        return Some(kind("m3u8", "application/vnd.apple.mpegurl"));
    }
    head.starts_with(b"glTF")
        .then(|| kind("glb", "model/gltf-binary"))
}

/// Pictures, clips, sounds and archives. Programs are no output of a job, so nothing gets a name
/// that a double click would run.
fn named_by_infer(head: &[u8]) -> Option<Kind> {
    let found = infer::get(head)?;
    let known = match found.matcher_type() {
        MatcherType::Image | MatcherType::Video | MatcherType::Audio => true,
        MatcherType::Archive => ["zip", "tar", "gz"].contains(&found.extension()),
        _ => false,
    };
    known.then(|| kind(found.extension(), found.mime_type()))
}

fn listed(essence: &str) -> Option<Kind> {
    let mut types = TYPES.iter();
    let (media_type, extension) = types.find(|(media_type, _)| *media_type == essence)?;
    Some(kind(extension, media_type))
}

/// Whether text begins as an SVG does.
fn is_drawing(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    start.starts_with(b"<svg")
        || (start.starts_with(b"<?xml") && start.windows(4).any(|part| part == b"<svg"))
}

/// The media type without its parameters.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Width and height of a PNG; other formats do not have them at a fixed place.
#[cfg(any(test, feature = "disk"))]
pub(crate) fn size(head: &[u8]) -> Option<(u32, u32)> {
    if !head.starts_with(PNG) {
        return None;
    }
    let number = |at: usize| Some(u32::from_be_bytes(head.get(at..at + 4)?.try_into().ok()?));
    Some((number(16)?, number(20)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::is_web_page;

    #[test]
    fn first_bytes_beat_the_media_type() {
        let webm = [
            &b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm"[..],
            &[0; 300],
        ];
        let tar = [&[0; 257][..], b"ustar\x0000", &[0; 250]];
        let like_mp3 = [&b"\xff\xfb\0\0\0\0\0\0{\"__metadata__\""[..], &[b' '; 40]];
        for (head, media_type, extension) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "text/plain", "png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "", "jpg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "", "webp"),
            (b"GIF89a\x01\0\x01\0\0", "image/png", "gif"),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", "", "mp4"),
            (b"\0\0\0\x18ftypisom\0\0\0\0", "video/webm", "mp4"),
            (&webm.concat(), "", "webm"),
            (b"RIFF\x24\0\0\0WAVEfmt ", "", "wav"),
            (b"ID3\x04\0\0\0\0\0\0", "", "mp3"),
            (b"OggS\0\x02\0\0\0\0\0\0", "", "ogg"),
            (b"PK\x03\x04\x14\0\0\0", "", "zip"),
            (&tar.concat(), "", "tar"),
            (&like_mp3.concat(), "", "safetensors"),
            (b"glTF\x02\0\0\0", "", "glb"),
            (b"#EXTM3U\n#EXT-X-VERSION:3", "text/plain", "m3u8"),
            (b"{\"a\": 1}", "application/json; charset=utf-8", "json"),
            (b"<?xml version=\"1.0\"?>\n<svg></svg>", "", "svg"),
            (b"<svg xmlns=''/>", "text/plain; q=1", "txt"),
            (b"a lighthouse", "Text/Plain", "txt"),
            (b"a,b", "text/x-unheard-of", "txt"),
            (b"\0\x01\x02", "Image/PNG", "png"),
            (b"\0\x01\x02", "video/x-unheard-of", "bin"),
            (b"\x7fELF\x02\x01\x01\0", "", "bin"),
            (b"#!/bin/sh\n", "", "bin"),
            (b"MZ\x90\0", "application/x-msdownload", "bin"),
        ] {
            let found = Kind::of(head, media_type);
            assert_eq!(found.extension, extension, "{media_type} {head:?}");
            assert!(!is_web_page(media_type, head), "{media_type} {head:?}");
        }
    }

    #[test]
    fn a_web_page_is_known_under_any_name() {
        for (head, media_type) in [
            (&b"<!DOCTYPE html><html>"[..], "image/png"),
            (b"\n <html lang=en>", ""),
            (b"", "text/html; charset=utf-8"),
        ] {
            assert!(is_web_page(media_type, head), "{media_type}");
        }
    }

    #[test]
    fn an_error_document_is_known_by_what_it_says() {
        for (whole, is_error) in [
            (
                &b"<?xml version=\"1.0\"?>\n<Error><Code>ExpiredToken</Code></Error>"[..],
                true,
            ),
            (b"<Error xmlns=''><Code>AccessDenied</Code></Error>", true),
            (
                b" {\"code\": \"expired_auth_token\", \"message\": \"\", \"status\": 401}",
                true,
            ),
            (b"{\"error\": \"expired\"}", true),
            (b"{\"message\": \"a lighthouse\"}", false),
            (b"[{\"error\": 1}]", false),
            (b"<svg><Error/></svg>", false),
            (b"<?xml version=\"1.0\"?><svg></svg>", false),
            (b"{\"error\":", false),
            (b"", false),
        ] {
            let text = String::from_utf8_lossy(whole);
            assert_eq!(is_report(whole), is_error, "{text}");
        }
    }

    #[test]
    fn a_png_tells_its_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x03\0";
        assert_eq!(size(png), Some((512, 768)));
        assert_eq!(size(&png[..20]), None);
    }
}
