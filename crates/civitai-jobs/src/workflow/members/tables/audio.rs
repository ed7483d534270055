//! What engines for speech and music can be told.

use super::*;

members! {
    [steps seed32 lora_map]
        AceStepAudioInput;
}
