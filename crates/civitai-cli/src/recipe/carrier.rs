//! Texts in pictures: in chunks of a PNG, in the EXIF comment of a JPEG or WebP.

use img_parts::png::{Png, PngChunk};
use img_parts::{Bytes, DynImage, ImageEXIF as _};

use super::KEYWORD;

/// The name of the text that AUTOMATIC1111 writes.
const PARAMETERS: &str = "parameters";

const LATIN: [u8; 4] = *b"tEXt";
const ANY: [u8; 4] = *b"iTXt";

/// What the comment of EXIF begins with where the rest is UTF-16.
const UTF16: &[u8] = b"UNICODE\0";

/// The tag that leads to the EXIF part, and that of the comment in it.
const EXIF: u16 = 0x8769;
const COMMENT: u16 = 0x9286;

/// The texts of a picture.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Texts {
    pub(super) recipe: Option<String>,
    pub(super) parameters: Option<String>,
}

/// Writes texts into a picture; those of another writer stay as they are. Nothing where the picture is of a
/// kind without a place for them.
pub(super) fn write(picture: &[u8], texts: &Texts) -> Option<Vec<u8>> {
    let bytes = Bytes::copy_from_slice(picture);
    let mut image = DynImage::from_bytes(bytes).ok()??;
    if let DynImage::Png(png) = &mut image {
        let there = chunks(png);
        for (keyword, text) in [(PARAMETERS, &texts.parameters), (KEYWORD, &texts.recipe)] {
            let Some(text) = text else { continue };
            if there.iter().all(|(other, _)| other != keyword) {
                // Behind the header, where readers look that do not read the whole file.
                png.chunks_mut().insert(1, chunk(keyword, text));
            }
        }
    } else {
        let parameters = texts
            .parameters
            .as_deref()
            .filter(|_| image.exif().is_none())?;
        image.set_exif(Some(exif(parameters)?.into()));
    }
    Some(image.encoder().bytes().to_vec())
}

/// Reads the texts of a picture.
pub(super) fn read(picture: &[u8]) -> Result<Texts, String> {
    let bytes = Bytes::copy_from_slice(picture);
    let image = DynImage::from_bytes(bytes).map_err(|error| format!("it is damaged: {error}"))?;
    let image = image.ok_or("it is no PNG, JPEG or WebP")?;
    let mut texts = Texts::default();
    if let DynImage::Png(png) = &image {
        for (keyword, text) in chunks(png) {
            match keyword.as_str() {
                KEYWORD => texts.recipe = Some(text),
                PARAMETERS => texts.parameters = Some(text),
                _ => {}
            }
        }
    } else {
        texts.parameters = image.exif().as_deref().and_then(comment);
    }
    Ok(texts)
}

/// The chunk of a text, in the form that readers of old know where its letters allow that.
fn chunk(keyword: &str, text: &str) -> PngChunk {
    let mut contents = keyword.as_bytes().to_vec();
    contents.push(0);
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    let kind = match latin {
        Some(latin) => {
            contents.extend(latin);
            LATIN
        }
        None => {
            // Not packed, in no language, with no other keyword.
            contents.extend([0, 0, 0, 0]);
            contents.extend(text.as_bytes());
            ANY
        }
    };
    PngChunk::new(kind, contents.into())
}

/// The texts of a PNG with their keywords; packed ones are left out.
fn chunks(png: &Png) -> Vec<(String, String)> {
    png.chunks().iter().filter_map(text).collect()
}

fn text(chunk: &PngChunk) -> Option<(String, String)> {
    let (keyword, rest) = cut(chunk.contents())?;
    let text = match chunk.kind() {
        LATIN => rest.iter().copied().map(char::from).collect(),
        ANY => {
            let rest = rest.strip_prefix(&[0, 0])?;
            let (_language, rest) = cut(rest)?;
            let (_keyword, text) = cut(rest)?;
            String::from_utf8(text.to_vec()).ok()?
        }
        _ => return None,
    };
    Some((String::from_utf8_lossy(keyword).into_owned(), text))
}

/// What stands before the first zero, and behind it.
fn cut(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    Some((&bytes[..end], &bytes[end + 1..]))
}

/// EXIF with a comment and nothing else: a directory that leads to one with the comment.
fn exif(text: &str) -> Option<Vec<u8>> {
    let mut comment = UTF16.to_vec();
    comment.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    let length = u32::try_from(comment.len()).ok()?;
    let mut exif = b"MM\0*\0\0\0\x08".to_vec();
    // Each directory has one entry, of 18 bytes with its frame, and begins where the one before ends.
    for (tag, kind, count, at) in [(EXIF, 4_u16, 1, 26_u32), (COMMENT, 7, length, 44)] {
        exif.extend(1_u16.to_be_bytes());
        exif.extend(tag.to_be_bytes());
        exif.extend(kind.to_be_bytes());
        exif.extend(count.to_be_bytes());
        exif.extend(at.to_be_bytes());
        exif.extend(0_u32.to_be_bytes());
    }
    exif.extend(comment);
    Some(exif)
}

/// The comment of EXIF, as UTF-16 of either order.
fn comment(exif: &[u8]) -> Option<String> {
    let is_big = exif.starts_with(b"MM");
    let (_, directory) = entry(exif, number(exif, 4, is_big)?, EXIF, is_big)?;
    let (count, at) = entry(exif, directory, COMMENT, is_big)?;
    let begin = usize::try_from(at).ok()?;
    let end = begin.checked_add(usize::try_from(count).ok()?)?;
    let text = exif.get(begin..end)?.strip_prefix(UTF16)?;
    let units = |read: fn([u8; 2]) -> u16| {
        let pairs = text.chunks_exact(2);
        pairs
            .map(|pair| read([pair[0], pair[1]]))
            .collect::<Vec<_>>()
    };
    // Writers do not agree whether the order is that of the file: words are mostly of the first letters.
    let (big, little) = (units(u16::from_be_bytes), units(u16::from_le_bytes));
    let low = |units: &[u16]| units.iter().filter(|unit| **unit < 0x250).count();
    let units = if low(&big) >= low(&little) {
        big
    } else {
        little
    };
    Some(String::from_utf16_lossy(&units))
}

/// The count and the value of an entry of a directory.
fn entry(exif: &[u8], directory: u32, tag: u16, is_big: bool) -> Option<(u32, u32)> {
    let begin = usize::try_from(directory).ok()?;
    let entries = exif.get(begin.checked_add(2)?..)?.chunks_exact(12);
    let count = short(exif.get(begin..)?, is_big)?;
    let found = entries
        .take(usize::from(count))
        .find(|entry| short(entry, is_big) == Some(tag))?;
    Some((number(found, 4, is_big)?, number(found, 8, is_big)?))
}

fn short(bytes: &[u8], is_big: bool) -> Option<u16> {
    let bytes = *bytes.first_chunk()?;
    Some(match is_big {
        true => u16::from_be_bytes(bytes),
        false => u16::from_le_bytes(bytes),
    })
}

fn number(bytes: &[u8], at: usize, is_big: bool) -> Option<u32> {
    let bytes = *bytes.get(at..)?.first_chunk()?;
    Some(match is_big {
        true => u32::from_be_bytes(bytes),
        false => u32::from_le_bytes(bytes),
    })
}
