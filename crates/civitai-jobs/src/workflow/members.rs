//! What many engines can be told in the same words: the prompt, the size, the seed, ….
//!
//! The traits say which engine takes what, so that a setter is written once and an engine without
//! the member does not have it. What only a few engines have is set through `Step::with`.

use super::step::Step;
#[cfg(feature = "image")]
use super::types::ImageGenOutputFormat;
use super::value::{Audio, Image, Kind, Source, Text, Video};
use crate::Air;

#[cfg(any(
    feature = "audio",
    feature = "image",
    feature = "media",
    feature = "video"
))]
mod tables;

/// Writes a trait for a member of one kind, and the method of a step that sets it.
macro_rules! takes {
    ($($trait:ident $set:ident $kind:ident => $(#[$about:meta])* $method:ident($value:ident);)*) => {
        $(
            #[doc = concat!("What takes [`", stringify!($method), "`](super::Step::", stringify!($method), ").")]
            pub trait $trait {
                #[doc = concat!("Sets it, as [`Step::", stringify!($method), "`](super::Step::", stringify!($method), ") does.")]
                fn $set(&mut self, value: Source<$kind>);
            }

            impl<I: $trait> Step<I> {
                $(#[$about])*
                pub fn $method(mut self, $value: impl Into<Source<$kind>>) -> Self {
                    self.input.$set($value.into());
                    self
                }
            }
        )*
    };
}

takes! {
    Prompt set_prompt Text =>
        /// Sets what the result is to show.
        prompt(text);
    NegativePrompt set_negative_prompt Text =>
        /// Sets what the result is not to show.
        negative_prompt(text);
    SourceImage set_image Image =>
        /// Sets the image to start from.
        image(image);
    SourceVideo set_video Video =>
        /// Sets the video to start from.
        video(video);
    SourceAudio set_audio Audio =>
        /// Sets the sound that the video is made for.
        audio(audio);
    Steps set_steps i32 =>
        /// Sets the number of denoising steps; more take longer and cost more.
        steps(steps);
    CfgScale set_cfg_scale f64 =>
        /// Sets how closely the result follows the prompt.
        cfg_scale(scale);
    GuidanceScale set_guidance_scale f64 =>
        /// Sets how closely the result follows the prompt, for engines that call it guidance.
        guidance_scale(scale);
    Quantity set_quantity i32 =>
        /// Sets how many results to make.
        quantity(results);
    Duration set_duration i32 =>
        /// Sets how long the video is to be, in seconds.
        duration(seconds);
    GenerateAudio set_generate_audio bool =>
        /// Sets whether the video has sound.
        generate_audio(sound);
}

/// What takes [`size`](super::Step::size).
pub trait Size {
    /// Sets it, as [`Step::size`](super::Step::size) does.
    fn set_size(&mut self, width: Source<i32>, height: Source<i32>);
}

/// What takes [`seed`](super::Step::seed).
pub trait Seed {
    /// How wide a number the seed is.
    type Value: Kind;

    /// Sets it, as [`Step::seed`](super::Step::seed) does.
    fn set_seed(&mut self, seed: Source<Self::Value>);
}

/// What takes [`images`](super::Step::images).
pub trait Images {
    /// Adds one, as [`Step::images`](super::Step::images) does.
    fn add_image(&mut self, image: Source<Image>);
}

/// What takes a [`lora`](super::Step::lora).
pub trait Loras {
    /// Adds one, as [`Step::lora`](super::Step::lora) does.
    fn add_lora(&mut self, air: String, strength: f64);
}

/// What takes a [`model`](super::Step::model).
pub trait ModelAir {
    /// Sets it, as [`Step::model`](super::Step::model) does.
    fn set_model(&mut self, model: String);
}

/// What takes an [`output_format`](super::Step::output_format).
#[cfg(feature = "image")]
pub trait OutputFormat {
    /// Sets it, as [`Step::output_format`](super::Step::output_format) does.
    fn set_output_format(&mut self, format: ImageGenOutputFormat);
}

/// What can be made of a prompt by [`prompted`](super::Step::prompted).
pub trait Prompted {
    /// Makes it, as [`Step::prompted`](super::Step::prompted) does.
    fn of_prompt(prompt: Source<Text>) -> Self;
}

impl<I: Prompted> Step<I> {
    /// Makes a step of an engine and what it is to show.
    ///
    /// Where the engine must be told more, such as the image to edit, the check before sending says
    /// so.
    pub fn prompted(prompt: impl Into<Source<Text>>) -> Self {
        Self::new(I::of_prompt(prompt.into()))
    }
}

impl<I: Size> Step<I> {
    /// Sets width and height in pixels.
    pub fn size(mut self, width: impl Into<Source<i32>>, height: impl Into<Source<i32>>) -> Self {
        self.input.set_size(width.into(), height.into());
        self
    }
}

impl<I: Seed> Step<I> {
    /// Sets where the random numbers begin; the same seed and input give the same result.
    pub fn seed(mut self, seed: impl Into<Source<I::Value>>) -> Self {
        self.input.set_seed(seed.into());
        self
    }
}

impl<I: Images> Step<I> {
    /// Adds images to start from, to edit or to take after.
    pub fn images<S: Into<Source<Image>>>(mut self, images: impl IntoIterator<Item = S>) -> Self {
        for image in images {
            self.input.add_image(image.into());
        }
        self
    }
}

impl<I: Loras> Step<I> {
    /// Adds a LoRA with its strength, where 1 is the full one.
    pub fn lora(mut self, lora: &Air, strength: f64) -> Self {
        self.input.add_lora(lora.to_string(), strength);
        self
    }
}

impl<I: ModelAir> Step<I> {
    /// Sets the model to work with.
    pub fn model(mut self, model: &Air) -> Self {
        self.input.set_model(model.to_string());
        self
    }
}

#[cfg(feature = "image")]
impl<I: OutputFormat> Step<I> {
    /// Sets the file format of the images.
    pub fn output_format(mut self, format: ImageGenOutputFormat) -> Self {
        self.input.set_output_format(format);
        self
    }
}
