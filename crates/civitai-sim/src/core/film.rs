//! The film that stands for every film.

/// A second of a ball over water: H.264 of 512 × 512 pixels, 24 frames, no sound.
pub(crate) const MP4: &[u8] = include_bytes!("samples/second.mp4");

#[cfg(test)]
mod tests {
    use super::*;

    /// The boxes of a part of the file: their names and what they hold.
    fn boxes(mut part: &[u8]) -> Vec<(&[u8], &[u8])> {
        let mut found = Vec::new();
        while let Some((head, _)) = part.split_at_checked(8) {
            let size = u32::from_be_bytes(head[..4].try_into().unwrap()) as usize;
            found.push((&head[4..], &part[8..size]));
            part = &part[size..];
        }
        found
    }

    fn find<'a>(part: &'a [u8], name: &[u8]) -> &'a [u8] {
        let found = boxes(part).into_iter().find(|(other, _)| *other == name);
        found.unwrap().1
    }

    #[test]
    fn the_film_has_a_track_of_24_pictures() {
        let track = find(find(MP4, b"moov"), b"trak");
        let table = find(find(find(track, b"mdia"), b"minf"), b"stbl");
        let sizes = find(table, b"stsz");
        assert_eq!(sizes[8..12], 24_u32.to_be_bytes());
        let description = find(table, b"stsd");
        assert_eq!(description[12..16], *b"avc1");
    }
}
