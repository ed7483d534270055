//! Pictures for blobs: landscapes whose colours and shapes follow from prompt and seed.

mod colour;
mod scene;

use png::{BitDepth, ColorType, Compression, Encoder};

use scene::Scene;

/// What a picture is painted from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) prompt: String,
    pub(crate) seed: u32,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Why no picture came about.
#[derive(Debug, thiserror::Error)]
#[error("the picture could not be written as PNG")]
pub struct PaintError(#[source] png::EncodingError);

/// Draws a PNG of `width` by `height` pixels.
///
/// The same prompt, seed and size give the same bytes in every run on a platform; another seed gives
/// another picture in the same colours.
///
/// ```
/// let png = civitai_sim::paint("a lighthouse in fog", 7, 512, 512)?;
/// assert_eq!(&png[1..4], b"PNG");
/// assert_ne!(png, civitai_sim::paint("a lighthouse in fog", 8, 512, 512)?);
/// # Ok::<(), civitai_sim::PaintError>(())
/// ```
///
/// # Errors
///
/// Fails where PNG has no such picture: when a side is 0.
pub fn paint(prompt: &str, seed: u32, width: u32, height: u32) -> Result<Vec<u8>, PaintError> {
    let pixels = Scene::imagine(prompt, seed, width, height).render();
    let mut file = Vec::with_capacity(pixels.len() / 4);
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    let mut writer = encoder.write_header().map_err(PaintError)?;
    writer.write_image_data(&pixels).map_err(PaintError)?;
    writer.finish().map_err(PaintError)?;
    Ok(file)
}

impl Picture {
    /// The picture as a PNG.
    pub(crate) fn paint(&self) -> Result<Vec<u8>, PaintError> {
        paint(&self.prompt, self.seed, self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::Cursor;

    use super::*;

    fn decode(file: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }

    #[test]
    fn a_picture_has_the_size_that_was_asked_for() {
        for (width, height) in [(64, 64), (65, 200), (512, 512), (640, 96)] {
            let (w, h, pixels) = decode(&paint("a quiet bay", 1, width, height).unwrap());
            assert_eq!((w, h), (width, height));
            let colours: HashSet<_> = pixels.chunks(3).collect();
            assert!(
                colours.len() > 50,
                "{} colours at {width} by {height}",
                colours.len()
            );
        }
    }

    #[test]
    fn prompt_seed_and_size_decide_every_byte() {
        let picture = paint("hills at dawn", 42, 128, 96).unwrap();
        assert_eq!(picture, paint("hills at dawn", 42, 128, 96).unwrap());
        assert_ne!(picture, paint("hills at dawn", 43, 128, 96).unwrap());
        assert_ne!(picture, paint("hills at dusk", 42, 128, 96).unwrap());
    }

    #[test]
    fn a_side_of_nothing_is_refused() {
        assert!(paint("hills", 1, 0, 64).is_err());
    }
}
