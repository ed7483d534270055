//! Small files of every format that steps make, and archives of them.

use std::io::{Cursor, Write};

use bytes::Bytes;
use zip::write::SimpleFileOptions;

use crate::core::film::MP4;

use super::blob::{Blob, BlobKind};

/// Samples of sound in a second.
const RATE: u32 = 8_000;

/// The formats of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Archive {
    Zip,
    Tar,
}

/// A small file of the format that a blob announces, and its media type.
pub(crate) fn sample(blob: &Blob) -> (Bytes, &'static str) {
    match (blob.kind, blob.format.as_deref()) {
        (BlobKind::Image, Some("svg")) => (svg(blob.width, blob.height).into(), "image/svg+xml"),
        (BlobKind::Audio, _) => (wav().into(), "audio/wav"),
        (BlobKind::Video, _) => (Bytes::from_static(MP4), "video/mp4"),
        (BlobKind::Model, Some("safetensors")) => {
            (safetensors().into(), "application/octet-stream")
        }
        (BlobKind::Model, Some("json")) => (Bytes::from_static(b"{}"), "application/json"),
        (BlobKind::Model, Some("tar")) => (tar(&[]).into(), "application/x-tar"),
        (BlobKind::Model | BlobKind::Image, _) => (glb().into(), "model/gltf-binary"),
    }
}

/// An archive of named files; names must differ.
pub(crate) fn archive(format: Archive, files: &[(String, Bytes)]) -> Vec<u8> {
    match format {
        Archive::Zip => zip(files),
        Archive::Tar => tar(files),
    }
}

/// Writing to memory fails for no reason of the file system; what cannot be named is left out.
fn zip(files: &[(String, Bytes)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in files {
        if archive.start_file(name.as_str(), options).is_ok() {
            let _ = archive.write_all(bytes);
        }
    }
    archive.finish().map(Cursor::into_inner).unwrap_or_default()
}

fn tar(files: &[(String, Bytes)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        header.set_mode(0o644);
        let _ = archive.append_data(&mut header, name, &bytes[..]);
    }
    archive.into_inner().unwrap_or_default()
}

/// One second of a tone of 250 Hz, in 8 bits.
fn wav() -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + RATE).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    // Plain samples, one channel, samples and bytes in a second, bytes and bits of each.
    file.extend([1, 0, 1, 0]);
    file.extend(RATE.to_le_bytes());
    file.extend(RATE.to_le_bytes());
    file.extend([1, 0, 8, 0]);
    file.extend(b"data");
    file.extend(RATE.to_le_bytes());
    file.extend((0..RATE).map(|sample| if sample / 16 % 2 == 0 { 96_u8 } else { 160 }));
    file
}

/// A binary glTF without a scene.
fn glb() -> Vec<u8> {
    let json = br#"{"asset":{"version":"2.0"}} "#;
    let size = u32::try_from(json.len()).unwrap_or(u32::MAX);
    let mut file = b"glTF".to_vec();
    file.extend(2_u32.to_le_bytes());
    file.extend((20 + size).to_le_bytes());
    file.extend(size.to_le_bytes());
    file.extend(b"JSON");
    file.extend(json);
    file
}

/// A file of weights that holds one tensor of one number.
fn safetensors() -> Vec<u8> {
    let json = br#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let size = u64::try_from(json.len()).unwrap_or(u64::MAX);
    [&size.to_le_bytes()[..], json, &[0; 4]].concat()
}

fn svg(width: u32, height: u32) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
         <circle cx=\"50%\" cy=\"50%\" r=\"25%\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn archives_give_back_what_was_put_in() {
        let files = [("a.txt".to_owned(), Bytes::from_static(b"alpha"))];
        let mut zipped = zip::ZipArchive::new(Cursor::new(archive(Archive::Zip, &files))).unwrap();
        let mut text = String::new();
        zipped
            .by_name("a.txt")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "alpha");
        let tarred = archive(Archive::Tar, &files);
        let mut tarred = tar::Archive::new(&tarred[..]);
        let mut entry = tarred.entries().unwrap().next().unwrap().unwrap();
        text.clear();
        entry.read_to_string(&mut text).unwrap();
        assert_eq!(text, "alpha");
    }

    #[test]
    fn the_sizes_that_formats_state_are_those_they_have() {
        let stated = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().unwrap()) as usize;
        let (wav, glb, weights) = (wav(), glb(), safetensors());
        assert_eq!(stated(&wav[4..8]) + 8, wav.len());
        assert_eq!(stated(&glb[8..12]), glb.len());
        assert_eq!(stated(&weights[..4]) + 8 + 4, weights.len());
    }
}
