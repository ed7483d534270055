//! Every setter of a step, used where the input of the step has it.
//!
//! A method of [`Told`] with a bound goes before that of [`Untold`] where the input meets it, so that
//! one list serves every input.

use std::time::Duration;

use civitai_jobs::workflows::{Priority, Step, StepInput, WorkflowRequest, takes, types};

use crate::draw::Draw;

/// A step that is told what it can be told.
pub(crate) struct Told<I>(pub(crate) Step<I>);

/// Hands the setters to a macro: a name of its own, the method, what inputs have it, its arguments.
macro_rules! setters {
    ($do:ident($($with:tt)*)) => { $do! { ($($with)*)
        name: name [I] (draw) (draw.word());
        priority: priority [I] (draw) (draw.one_of(&[Priority::Low, Priority::High]));
        timeout: timeout [I] (draw) (Duration::from_millis(draw.number().unsigned_abs().into()));
        retries: retries [I] (draw) (draw.number().unsigned_abs());
        metadata: metadata [I] (draw) (draw.word(), draw.text());
        with: with [I] (draw) (|_| { draw.number(); });

        prompt: prompt [I: takes::Prompt] (draw) (draw.told());
        negative_prompt: negative_prompt [I: takes::NegativePrompt] (draw) (draw.told());
        image: image [I: takes::SourceImage] (draw) (draw.file());
        video: video [I: takes::SourceVideo] (draw) (draw.file());
        audio: audio [I: takes::SourceAudio] (draw) (draw.file());
        steps: steps [I: takes::Steps] (draw) (draw.whole());
        cfg_scale: cfg_scale [I: takes::CfgScale] (draw) (draw.some_fraction());
        guidance_scale: guidance_scale [I: takes::GuidanceScale] (draw) (draw.some_fraction());
        quantity: quantity [I: takes::Quantity] (draw) (draw.whole());
        duration: duration [I: takes::Duration] (draw) (draw.whole());
        generate_audio: generate_audio [I: takes::GenerateAudio] (draw) (draw.flag());
        size: size [I: takes::Size] (draw) (draw.whole(), draw.whole());
        seed32: seed [I: takes::Seed<Value = i32>] (draw) (draw.whole());
        seed64: seed [I: takes::Seed<Value = i64>] (draw) (draw.whole());
        images: images [I: takes::Images] (draw) ((0..=draw.up_to(1)).map(|_| draw.file()).collect::<Vec<_>>());
        lora: lora [I: takes::Loras] (draw) (&draw.air(), draw.fraction());
        model: model [I: takes::ModelAir] (draw) (&draw.air());
        output_format: output_format [I: takes::OutputFormat] (draw) (draw.one_of(&[types::ImageGenOutputFormat::Png, types::ImageGenOutputFormat::Jpeg]));

        epochs: epochs [I: takes::Epochs] (draw) (draw.whole());
        trigger_word: trigger_word [I: takes::TriggerWord] (draw) (draw.told());
        training_steps: training_steps [I: takes::TrainingSteps] (draw) (draw.whole());
        learning_rate: learning_rate [I: takes::LearningRate] (draw) (draw.some_fraction());
        continue_from: continue_from [I: takes::ContinueFrom] (draw) (&draw.air());
        sample_prompt: sample_prompt [I: takes::Samples] (draw) (draw.told());

        scheduler: scheduler [types::TextToImageInput] (draw) (draw.one_of(&[types::Scheduler::EulerA, types::Scheduler::Ddim]));
        clip_skip: clip_skip [types::TextToImageInput] (draw) (draw.whole());
        denoise: denoise [types::TextToImageInput] (draw) (draw.some_fraction());
        format: format [types::TextToImageInput] (draw) (draw.one_of(&[types::OutputFormat::Png, types::OutputFormat::Jpeg]));
        cut_format: format [types::ImageBackgroundRemovalInput] (draw) (types::ImageBackgroundRemovalFormat::Webp);
        repeats: repeats [types::ImageUpscalerInput] (draw) (draw.whole());
        upscaler: upscaler [types::ImageUpscalerInput] (draw) (&draw.air());
        transform: transform [types::ConvertImageInput] (draw) (types::ResizeTransform { target_width: Some(draw.number().into()), ..Default::default() });
        scale_factor: scale_factor [types::VideoUpscalerInput] (draw) (draw.whole());
        factor: factor [types::VideoInterpolationInput] (draw) (draw.whole());
        max_frames: max_frames [types::VideoFrameExtractionInput] (draw) (draw.whole());
        instruct: instruct [types::Qwen3CustomVoiceTtsInput] (draw) (draw.told());
        language: language [types::TranscriptionInput] (draw) (draw.word());
        time_stamps: time_stamps [types::TranscriptionInput] (draw) (draw.flag());
        seconds: seconds [types::AceStepAudioInput] (draw) (draw.some_fraction());
        system: system [types::ChatCompletionInput] (draw) (draw.told());
        shown: image [types::ChatCompletionInput] (draw) (draw.file());
        message: message [types::ChatCompletionInput] (draw) (types::AssistantMessage { content: Some(draw.text().into()), ..Default::default() });
        max_tokens: max_tokens [types::ChatCompletionInput] (draw) (draw.whole());
        temperature: temperature [types::ChatCompletionInput] (draw) (draw.some_fraction());
        without: without [types::PromptEnhancementInput] (draw) (draw.told());
        instruction: instruction [types::PromptEnhancementInput] (draw) (draw.told());
        custom_instructions: custom_instructions [types::MediaCaptioningInput] (draw) (draw.told());
    } };
}

macro_rules! declare {
    (() $($told:ident: $method:ident [$($of:tt)*] ($draw:ident) ($($args:tt)*);)*) => {
        $(declare!(@one $told $method [$($of)*] $draw ($($args)*));)*

        /// A step whose input has no such member.
        #[allow(dead_code, reason = "some are setters of every step")]
        pub(crate) trait Untold: Sized {
            $(fn $told(self, _: &mut Draw) -> Self { self })*
        }

        /// The setters, by the names of the list.
        pub(crate) const TOLD: &[&str] = &[$(stringify!($told),)*];
    };
    (@one $told:ident $method:ident [I $(: $($bound:tt)+)?] $draw:ident ($($args:tt)*)) => {
        impl<I $(: $($bound)+)?> Told<I> {
            pub(crate) fn $told(self, $draw: &mut Draw) -> Self {
                $draw.used.insert(stringify!($told));
                Self(self.0.$method($($args)*))
            }
        }
    };
    (@one $told:ident $method:ident [$input:ty] $draw:ident ($($args:tt)*)) => {
        impl Told<$input> {
            pub(crate) fn $told(self, $draw: &mut Draw) -> Self {
                $draw.used.insert(stringify!($told));
                Self(self.0.$method($($args)*))
            }
        }
    };
}

setters!(declare());

impl<I> Untold for Told<I> {}

/// What makes a step known to a workflow, where it is one.
impl<I: StepInput> Told<I> {
    pub(crate) fn add_to(self, request: &mut WorkflowRequest) -> bool {
        request.add(self.0);
        true
    }
}

/// An input that is part of another one.
pub(crate) trait Part: Sized {
    fn add_to(self, _: &mut WorkflowRequest) -> bool {
        false
    }
}

impl<I> Part for Told<I> {}

/// Uses some of the setters that a step has, one in four.
macro_rules! tell {
    (($step:ident, $draw:ident) $($told:ident: $method:ident [$($of:tt)*] ($d:ident) ($($args:tt)*);)*) => {
        $(if $draw.once_in(4) {
            $step = $step.$told($draw);
        })*
    };
}

pub(crate) use {setters, tell};
