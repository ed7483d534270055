//! Steps that speak, sing and listen.

use super::step::Step;
use super::value::{Audio, Sound, Source, Text};
use super::wiring::Slot as _;
use civitai_api::v2::types::*;

impl Step<Qwen3CustomVoiceTtsInput> {
    /// Creates a step for a text spoken by one of the voices that come with the engine.
    pub fn speak(text: impl Into<Source<Text>>, speaker: Qwen3CustomVoiceTtsInputSpeaker) -> Self {
        let text = text.into().into_input();
        Self::new(Qwen3CustomVoiceTtsInput::new(speaker, text))
    }

    /// Sets how the text is to be spoken, in words.
    pub fn instruct(mut self, manner: impl Into<Source<Text>>) -> Self {
        self.input.instruct.set(manner.into());
        self
    }
}

impl Step<Qwen3VoiceDesignTtsInput> {
    /// Creates a step for a text spoken by a voice that is described in words.
    pub fn speak_as(text: impl Into<Source<Text>>, voice: impl Into<Source<Text>>) -> Self {
        Self::of(|input| {
            input.text.set(text.into());
            input.instruct.set(voice.into());
        })
    }
}

impl Step<Qwen3BaseTtsInput> {
    /// Creates a step for a text spoken by the voice of a recording, and what is said there.
    pub fn speak_like(
        text: impl Into<Source<Text>>,
        recording: impl Into<Source<Audio>>,
        said: impl Into<Source<Text>>,
    ) -> Self {
        Self::of(|input| {
            input.text.set(text.into());
            input.ref_audio_url.set(recording.into());
            input.ref_text.set(said.into());
        })
    }
}

impl Step<OmniVoiceTextToSpeechInput> {
    /// Creates a step for a text spoken in any of many languages, by a voice of the engine's choice.
    pub fn speak_omni(text: impl Into<Source<Text>>) -> Self {
        Self::of(|input| input.text.set(text.into()))
    }
}

impl Step<TranscriptionInput> {
    /// What is said in a sound file or a video, as text.
    pub fn transcribe(media: impl Into<Source<Sound>>) -> Self {
        Self::of(|input| input.media_url.set(media.into()))
    }

    /// Sets the code of the spoken language, such as `en`, as a hint.
    pub fn language(mut self, code: impl Into<Source<Text>>) -> Self {
        self.input.language.set(code.into());
        self
    }

    /// Sets whether to say when each word was spoken.
    pub fn time_stamps(mut self, wanted: impl Into<Source<bool>>) -> Self {
        self.input.return_time_stamps.set(wanted.into());
        self
    }
}

impl Step<AceStepAudioInput> {
    /// Music by ACE-Step, of a description and of lyrics, which may be empty.
    pub fn music(description: impl Into<Source<Text>>, lyrics: impl Into<Source<Text>>) -> Self {
        Self::of(|input| {
            input.music_description.set(description.into());
            input.lyrics.set(lyrics.into());
        })
    }

    /// Sets the length in seconds, from 1 to 190.
    pub fn seconds(mut self, seconds: impl Into<Source<f64>>) -> Self {
        self.input.duration.set(seconds.into());
        self
    }
}
