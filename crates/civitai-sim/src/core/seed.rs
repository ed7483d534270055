//! Ids, keys and seeds drawn from the simulator's own seed, so that two equal runs are equal.

use sha2::{Digest, Sha256};

/// The source of everything that would be random in the real service.
///
/// Each value is a hash of the seed, a label and a number, so that drawing one never changes
/// another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seed(pub(crate) u64);

impl Seed {
    /// A GUID of the usual shape.
    pub(crate) fn guid(self, label: &str, number: u64) -> String {
        let bytes = self.draw(label, number, 0);
        let hex = hex(&bytes[..16]);
        let (a, b, c, d) = (&hex[..8], &hex[8..12], &hex[13..16], &hex[17..20]);
        format!("{a}-{b}-4{c}-a{d}-{}", &hex[20..32])
    }

    /// A blob key: 64 upper-case hexadecimal digits.
    pub(crate) fn blob_key(self, job: u64, image: u64) -> String {
        hex(&self.draw("blob", job, image)).to_ascii_uppercase()
    }

    /// A request id as `properties` carry it: 32 hexadecimal digits.
    pub(crate) fn hex_id(self, label: &str, number: u64) -> String {
        hex(&self.draw(label, number, 0)[..16])
    }

    /// The seed of a job whose caller left the choice to the service.
    pub(crate) fn image_seed(self, job: u64) -> u32 {
        let bytes = self.draw("image", job, 0);
        u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }

    /// A number from 0 to 1, 1 excluded.
    pub(crate) fn share(self, label: &str, number: u64) -> f64 {
        let bytes = self.draw(label, number, 0);
        let drawn = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        f64::from(drawn) / (f64::from(u32::MAX) + 1.0)
    }

    /// A signature over the parts of a link; the seed is the secret.
    pub(crate) fn sign(self, parts: &[&str]) -> String {
        let mut hash = Sha256::new();
        hash.update(self.0.to_be_bytes());
        for part in parts {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hex(&hash.finalize())
    }

    fn draw(self, label: &str, number: u64, index: u64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(label.as_bytes());
        for part in [self.0, number, index] {
            hash.update(part.to_be_bytes());
        }
        hash.finalize().into()
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Base64 with padding, as tokens are written.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place > chunk.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_every_length() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn ids_have_the_shapes_of_the_service() {
        let seed = Seed(7);
        let guid = seed.guid("job", 1);
        let groups: Vec<_> = guid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(seed.blob_key(1, 0).len(), 64);
        assert_eq!(guid, Seed(7).guid("job", 1));
        assert_ne!(guid, Seed(8).guid("job", 1));
        assert_ne!(guid, seed.guid("job", 2));
    }
}
