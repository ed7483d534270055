//! What the first bytes of an image tell.

/// What stands at the beginning of every PNG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The root of an SVG, behind declarations and comments.
const SVG: &str = "<svg";

pub(crate) fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(PNG)
}

/// Whether there is the root of an SVG; only white space and what begins with `<` comes before it.
pub(crate) fn is_svg(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('<') && root(text).is_some()
}

/// Width and height in pixels; nothing where the bytes do not tell them.
pub(crate) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if is_svg(bytes) {
        return svg_size(bytes);
    }
    let size = imagesize::blob_size(bytes).ok()?;
    let side = |side: usize| u32::try_from(side).ok();
    Some((side(size.width)?, side(size.height)?))
}

/// The size that an SVG has by its attributes, or else by what it shows of its plane.
fn svg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let text = String::from_utf8_lossy(bytes);
    let root = root(&text)?;
    let side = |name| attribute(root, name).and_then(|text| pixels(&text));
    if let (Some(width), Some(height)) = (side("width"), side("height")) {
        return Some((width, height));
    }
    let shown = attribute(root, "viewBox")?;
    let mut numbers = shown.split([' ', ',']).filter(|number| !number.is_empty());
    let (width, height) = (numbers.nth(2)?, numbers.next()?);
    Some((pixels(width)?, pixels(height)?))
}

/// The attributes of the root.
fn root(text: &str) -> Option<&str> {
    let (_, root) = text.split_once(SVG)?;
    let root = root.split('>').next()?;
    (root.is_empty() || root.starts_with([' ', '\t', '\r', '\n', '/'])).then_some(root)
}

fn attribute(root: &str, name: &str) -> Option<String> {
    let mut rest = root;
    loop {
        let (before, behind) = rest.split_once(name)?;
        let value = behind.trim_start().strip_prefix('=').map(str::trim_start);
        let quote = value.and_then(|value| value.chars().next());
        if before.ends_with(char::is_whitespace)
            && let (Some(value), Some(quote @ ('"' | '\''))) = (value, quote)
        {
            return value[1..].split(quote).next().map(ToOwned::to_owned);
        }
        rest = behind;
    }
}

/// A length in pixels, of which there may be parts; other units are none that a picture tells.
fn pixels(length: &str) -> Option<u32> {
    let number = length.trim().trim_end_matches("px");
    let pixels: f64 = number.parse().ok()?;
    (1.0..=1e9)
        .contains(&pixels)
        .then_some(pixels.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_tells_its_size_in_several_ways() {
        for (text, size) in [
            ("<svg width=\"20\" height='30px'/>", Some((20, 30))),
            (
                "<?xml version=\"1.0\"?>\n<!-- a --><svg viewBox=\"0 0 40.4,50\">",
                Some((40, 50)),
            ),
            (
                "<svg stroke-width=\"2\" width = \"20\" height=\"1em\" viewBox=\"0 0 7 8\">",
                Some((7, 8)),
            ),
            ("<svg width=\"100%\">", None),
            ("<svgs width=\"1\" height=\"1\">", None),
            ("hello <svg width=\"1\" height=\"1\">", None),
        ] {
            assert_eq!(
                svg_size(text.as_bytes()).filter(|_| is_svg(text.as_bytes())),
                size,
                "{text}"
            );
        }
        assert!(is_svg(b"\xef\xbb\xbf <svg>") && !is_svg(b"hello") && !is_svg(b"<html>"));
    }

    #[test]
    fn other_formats_tell_theirs() {
        let gif = b"GIF89a\x0a\x00\x14\x00\x00\x00\x00";
        assert_eq!(size(gif), Some((10, 20)));
        assert_eq!(size(b"hello"), None);
    }
}
