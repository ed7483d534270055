//! One landscape: a sky, a sun or moon, hills behind hills and the fog between them.

use std::f32::consts::TAU;

use sha2::{Digest, Sha256};

use super::colour::{Colour, PALETTES, Palette};

const HILLS: usize = 5;

/// Everything that is decided before the first pixel.
#[derive(Debug)]
pub(super) struct Scene {
    width: usize,
    height: usize,
    palette: Palette,
    light: Disc,
    /// From the farthest to the nearest.
    hills: Vec<Hill>,
    stars: Vec<(usize, usize, f32)>,
}

/// Sun or moon, in pixels.
#[derive(Clone, Copy, Debug)]
struct Disc {
    x: f32,
    y: f32,
    radius: f32,
}

impl Disc {
    fn covers(self, x: usize, y: usize) -> bool {
        self.distance(x, y) <= self.radius + 1.0
    }

    fn distance(self, x: usize, y: usize) -> f32 {
        let (dx, dy) = (x as f32 - self.x, y as f32 - self.y);
        (dx * dx + dy * dy).sqrt()
    }
}

/// A ridge and its colours.
#[derive(Debug)]
struct Hill {
    /// The skyline of each column, in rows from the top.
    tops: Vec<f32>,
    /// The colour of each row.
    rows: Vec<Colour>,
}

impl Scene {
    /// The prompt chooses the colours; prompt and seed together choose the shapes.
    pub(super) fn imagine(prompt: &str, seed: u32, width: u32, height: u32) -> Self {
        let mut mood = Dice::new(&[prompt.as_bytes()]);
        let mut shape = Dice::new(&[prompt.as_bytes(), &seed.to_be_bytes()]);
        let palette = PALETTES[usize::from(mood.byte()) % PALETTES.len()];
        let (w, h) = (width as f32, height as f32);
        let short = w.min(h);
        let light = Disc {
            x: w * shape.between(0.15, 0.85),
            y: h * shape.between(0.14, 0.42),
            radius: short * shape.between(0.045, 0.1),
        };
        let haze = mood.between(0.25, 0.6);
        let (width, height) = (width as usize, height as usize);
        let hills = (0..HILLS)
            .map(|nearness| Hill::imagine(nearness, width, height, &palette, haze, &mut shape));
        let hills = hills.collect();
        let mut stars = Vec::new();
        if palette.stars && width > 0 && height > 0 {
            for _ in 0..(width * height / 3_000).min(900) {
                let x = shape.between(0.0, w) as usize % width;
                let y = shape.between(0.0, h * 0.55) as usize % height;
                stars.push((x, y, shape.between(0.15, 0.8)));
            }
        }
        Self {
            width,
            height,
            palette,
            light,
            hills,
            stars,
        }
    }

    /// The pixels row by row, three bytes each.
    pub(super) fn render(&self) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.width * self.height * 3);
        let sky: Vec<Colour> = (0..self.height).map(|y| self.sky(y)).collect();
        for (y, &sky) in sky.iter().enumerate() {
            for x in 0..self.width {
                pixels.extend_from_slice(&self.pixel(x, y, sky).bytes());
            }
        }
        for &(x, y, strength) in &self.stars {
            let open = self.hills.iter().all(|hill| hill.tops[x] > y as f32 + 1.0);
            if open && !self.light.covers(x, y) {
                let at = (y * self.width + x) * 3;
                let star = sky[y].mix(self.palette.light, strength);
                pixels[at..at + 3].copy_from_slice(&star.bytes());
            }
        }
        pixels
    }

    /// The nearest hill that reaches this high, else the sky; skylines are smoothed.
    fn pixel(&self, x: usize, y: usize, sky: Colour) -> Colour {
        let row = y as f32;
        let mut edge: Option<(Colour, f32)> = None;
        let mut behind = None;
        for hill in self.hills.iter().rev() {
            let above = row + 1.0 - hill.tops[x];
            if above >= 1.0 {
                behind = Some(hill.rows[y]);
                break;
            }
            if above > 0.0 && edge.is_none() {
                edge = Some((hill.rows[y], above));
            }
        }
        let colour = behind.unwrap_or_else(|| self.lit(x, y, sky));
        edge.map_or(colour, |(hill, share)| colour.mix(hill, share))
    }

    fn sky(&self, y: usize) -> Colour {
        let Palette {
            zenith,
            middle,
            horizon,
            ..
        } = self.palette;
        let depth = (y as f32 / self.height as f32 / 0.7).min(1.0);
        if depth < 0.5 {
            zenith.mix(middle, depth * 2.0)
        } else {
            middle.mix(horizon, depth * 2.0 - 1.0)
        }
    }

    /// The sky with the disc and its glow.
    fn lit(&self, x: usize, y: usize, sky: Colour) -> Colour {
        let Disc { radius, .. } = self.light;
        let (distance, reach) = (self.light.distance(x, y), radius * 5.0);
        let disc = (radius + 0.5 - distance).clamp(0.0, 1.0);
        let glow = (1.0 - distance / reach).max(0.0);
        sky.mix(self.palette.light, (glow * glow * 0.55).max(disc))
    }
}

impl Hill {
    fn imagine(
        nearness: usize,
        width: usize,
        height: usize,
        palette: &Palette,
        haze: f32,
        dice: &mut Dice,
    ) -> Self {
        let near = (nearness + 1) as f32 / HILLS as f32;
        let (w, h) = (width as f32, height as f32);
        let base = h * (0.5 + 0.36 * near + dice.between(-0.03, 0.03));
        let waves: Vec<(f32, f32, f32)> = (0..5)
            .map(|octave| {
                let turns = dice.between(0.6, 1.4) * f32::from(1_u8 << octave);
                let swing = h * 0.075 * dice.between(0.5, 1.0) / f32::from(1_u8 << octave);
                (turns * TAU / w.max(h), swing, dice.between(0.0, TAU))
            })
            .collect();
        let skyline = |x: usize| {
            let swing: f32 = waves
                .iter()
                .map(|(rate, swing, phase)| swing * (x as f32 * rate + phase).sin())
                .sum();
            base + swing
        };
        let crest = palette.horizon.mix(palette.land, 0.15 + 0.85 * near * near);
        let foot = crest.mix(palette.horizon, haze * (1.0 - near * 0.6));
        let (top, depth) = (base - h * 0.08, h * 0.3);
        let rows = (0..height)
            .map(|y| crest.mix(foot, ((y as f32 - top) / depth).clamp(0.0, 1.0)))
            .collect();
        Self {
            tops: (0..width).map(skyline).collect(),
            rows,
        }
    }
}

/// Numbers that look thrown and follow from a text.
struct Dice {
    key: Sha256,
    throws: u32,
}

impl Dice {
    fn new(parts: &[&[u8]]) -> Self {
        let mut key = Sha256::new();
        for part in parts {
            key.update((part.len() as u64).to_be_bytes());
            key.update(part);
        }
        Self { key, throws: 0 }
    }

    fn throw(&mut self) -> [u8; 32] {
        self.throws += 1;
        self.key
            .clone()
            .chain_update(self.throws.to_be_bytes())
            .finalize()
            .into()
    }

    fn byte(&mut self) -> u8 {
        self.throw()[0]
    }

    fn between(&mut self, least: f32, most: f32) -> f32 {
        let bytes = self.throw();
        let share = f32::from(u16::from_be_bytes([bytes[0], bytes[1]])) / 65_536.0;
        least + (most - least) * share
    }
}
