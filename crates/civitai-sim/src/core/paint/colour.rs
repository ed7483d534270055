//! Colours and the palettes that skies and hills are drawn in.

/// Red, green and blue, each from 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Colour(pub(super) f32, pub(super) f32, pub(super) f32);

impl Colour {
    const fn hex(rgb: u32) -> Self {
        Self(
            (rgb >> 16 & 255) as f32,
            (rgb >> 8 & 255) as f32,
            (rgb & 255) as f32,
        )
    }

    /// The colour `share` of the way to another; 0 is this one and 1 the other.
    pub(super) fn mix(self, other: Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        Self(
            mix(self.0, other.0),
            mix(self.1, other.1),
            mix(self.2, other.2),
        )
    }

    pub(super) fn bytes(self) -> [u8; 3] {
        [self.0 as u8, self.1 as u8, self.2 as u8]
    }
}

/// The colours of one time of day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Palette {
    /// Top of the sky.
    pub(super) zenith: Colour,
    pub(super) middle: Colour,
    /// Where the sky meets the land; fog has this colour too.
    pub(super) horizon: Colour,
    /// Sun or moon.
    pub(super) light: Colour,
    /// The nearest hills; those behind fade towards the horizon.
    pub(super) land: Colour,
    pub(super) stars: bool,
}

const fn palette(colours: [u32; 5], stars: bool) -> Palette {
    let [zenith, middle, horizon, light, land] = colours;
    Palette {
        zenith: Colour::hex(zenith),
        middle: Colour::hex(middle),
        horizon: Colour::hex(horizon),
        light: Colour::hex(light),
        land: Colour::hex(land),
        stars,
    }
}

pub(super) const PALETTES: [Palette; 8] = [
    palette([0x2b3a67, 0xb56576, 0xf6bd8b, 0xfff1c9, 0x1f1a33], false),
    palette([0x0b1026, 0x1c2b55, 0x4a6a94, 0xf4f1de, 0x060912], true),
    palette([0x3f8fd0, 0x8cc6ea, 0xe8f4f2, 0xfffbe6, 0x1f4a3a], false),
    palette([0x3a1c52, 0xa13a6b, 0xf58a5b, 0xffe0a3, 0x180f2b], false),
    palette([0x07182b, 0x0f4c5c, 0x53b69a, 0xdff7e8, 0x04131a], true),
    palette([0x5b6b7b, 0x93a3ad, 0xd6dad6, 0xf8f6ee, 0x29343c], false),
    palette([0x6a5a9a, 0xc08fb5, 0xf7d6d0, 0xfff6ec, 0x3a2c52], false),
    palette([0x1d5c63, 0x6ba292, 0xf3deb0, 0xfff3cf, 0x12302f], false),
];
