//! Which input can be told what, in tables.

use super::*;
use crate::workflow::slot::*;
use crate::workflow::types;

#[cfg(feature = "audio")]
mod audio;
#[cfg(feature = "image")]
mod image;
#[cfg(feature = "media")]
mod media;
#[cfg(feature = "video")]
mod video;

/// Says what each of some inputs can be told.
macro_rules! members {
    ($($members:tt $($input:ident)*;)*) => {
        $($(members!(@each $input $members);)*)*
    };
    (@each $input:ident [$($member:ident)*]) => {
        $(member!($member $input);)*
    };
}

macro_rules! member {
    (prompted $input:ident) => {
        member!(@prompted $input {});
    };
    // The contract demands the member; the value is the one that the service takes where it is not
    // told.
    (prompted_cfg_4 $input:ident) => {
        member!(@prompted $input { cfg_scale: 4.0.into(), });
    };
    (prompted_cfg_half $input:ident) => {
        member!(@prompted $input { cfg_scale: 0.5.into(), });
    };
    // The engine takes -1 for a seed of its own choice.
    (prompted_seed $input:ident) => {
        member!(@prompted $input { seed: (-1).into(), });
    };
    (@prompted $input:ident {$($more:tt)*}) => {
        impl Prompted for types::$input {
            fn of_prompt(prompt: Source<Text>) -> Self {
                Self { prompt: prompt.into_input(), $($more)* ..Self::default() }
            }
        }
    };
    (prompt $input:ident) => { member!(@one Prompt set_prompt Text $input prompt); };
    (negative_prompt $input:ident) => {
        member!(@one NegativePrompt set_negative_prompt Text $input negative_prompt);
    };
    (image $input:ident) => { member!(@one SourceImage set_image Image $input image); };
    (source_image $input:ident) => {
        member!(@one SourceImage set_image Image $input source_image);
    };
    (image_url $input:ident) => {
        member!(@one SourceImage set_image Image $input image_url);
    };
    (source_video $input:ident) => {
        member!(@one SourceVideo set_video Video $input source_video);
    };
    (video_url $input:ident) => {
        member!(@one SourceVideo set_video Video $input video_url);
    };
    (source_audio $input:ident) => {
        member!(@one SourceAudio set_audio Audio $input source_audio);
    };
    (audio_url $input:ident) => {
        member!(@one SourceAudio set_audio Audio $input audio_url);
    };
    (steps $input:ident) => { member!(@one Steps set_steps i32 $input steps); };
    (num_inference_steps $input:ident) => {
        member!(@one Steps set_steps i32 $input num_inference_steps);
    };
    (cfg_scale $input:ident) => {
        member!(@one CfgScale set_cfg_scale f64 $input cfg_scale);
    };
    (guidance_scale $input:ident) => {
        member!(@one GuidanceScale set_guidance_scale f64 $input guidance_scale);
    };
    (quantity $input:ident) => { member!(@one Quantity set_quantity i32 $input quantity); };
    (duration $input:ident) => { member!(@one Duration set_duration i32 $input duration); };
    (generate_audio $input:ident) => {
        member!(@one GenerateAudio set_generate_audio bool $input generate_audio);
    };
    (@one $trait:ident $set:ident $kind:ident $input:ident $field:ident) => {
        impl $trait for types::$input {
            fn $set(&mut self, value: Source<$kind>) {
                Member::set(&mut self.$field, value.into_input());
            }
        }
    };
    (size $input:ident) => {
        impl Size for types::$input {
            fn set_size(&mut self, width: Source<i32>, height: Source<i32>) {
                Member::set(&mut self.width, width.into_input());
                Member::set(&mut self.height, height.into_input());
            }
        }
    };
    (seed32 $input:ident) => { member!(@seed i32 $input); };
    (seed64 $input:ident) => { member!(@seed i64 $input); };
    (@seed $value:ident $input:ident) => {
        impl Seed for types::$input {
            type Value = $value;

            fn set_seed(&mut self, seed: Source<$value>) {
                Member::set(&mut self.seed, seed.into_input());
            }
        }
    };
    (images $input:ident) => {
        impl Images for types::$input {
            fn add_image(&mut self, image: Source<Image>) {
                Collection::add(&mut self.images, image.into_input());
            }
        }
    };
    (lora_map $input:ident) => { member!(@lora $input |air, strength| (air, strength.into())); };
    (image_loras $input:ident) => {
        member!(@lora $input |air, strength| types::ImageGenInputLora {
            air: air.into(),
            strength: Some(strength.into()),
            extra: civitai_api::Extra::default(),
        });
    };
    (video_loras $input:ident) => {
        member!(@lora $input |air, strength| types::VideoGenInputLora {
            air: air.into(),
            strength: strength.into(),
            extra: civitai_api::Extra::default(),
        });
    };
    (@lora $input:ident |$air:ident, $strength:ident| $item:expr) => {
        impl Loras for types::$input {
            fn add_lora(&mut self, $air: String, $strength: f64) {
                Collection::add(&mut self.loras, $item);
            }
        }
    };
    (model $input:ident) => {
        impl ModelAir for types::$input {
            fn set_model(&mut self, model: String) {
                Member::set(&mut self.model, model.into());
            }
        }
    };
    (output_format $input:ident) => {
        impl OutputFormat for types::$input {
            fn set_output_format(&mut self, format: ImageGenOutputFormat) {
                Member::set(&mut self.output_format, format.into());
            }
        }
    };
}

use {member, members};
