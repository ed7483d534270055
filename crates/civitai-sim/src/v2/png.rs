//! What the first bytes of a PNG tell.

/// What stands at the beginning of every PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

pub(crate) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG)
}

/// Width and height; nothing for what is no PNG.
pub(crate) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(PNG)?.get(8..16)?;
    let side = |at: usize| {
        let side: [u8; 4] = header.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(side))
    };
    Some((side(0)?, side(4)?))
}
