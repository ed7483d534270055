//! Engines that speak: where each stands in its union.

use super::unions;

unions! {
    TextToSpeechInput {
        Custom(CustomTextToSpeechInput), VllmOmni(VllmOmniTextToSpeechInput),
    }
    VllmOmniTextToSpeechInput {
        Omnivoice(OmniVoiceTextToSpeechInput), Qwen3(Qwen3TextToSpeechInput),
    }
    Qwen3TextToSpeechInput {
        Base(Qwen3BaseTtsInput), CustomVoice(Qwen3CustomVoiceTtsInput),
        VoiceDesign(Qwen3VoiceDesignTtsInput),
    }
}
