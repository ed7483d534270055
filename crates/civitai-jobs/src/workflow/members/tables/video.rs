//! What each engine that makes videos can be told.

use super::*;

members! {
    [prompted prompt negative_prompt source_audio size steps guidance_scale seed32 quantity
        lora_map duration generate_audio]
        ComfyLtx23AudioToVideoInput;
    [prompted prompt negative_prompt images size steps guidance_scale seed32 quantity
        lora_map duration generate_audio]
        ComfyLtx23CreateVideoInput;
    [prompted prompt negative_prompt source_video size steps guidance_scale seed32 quantity
        lora_map duration generate_audio]
        ComfyLtx23EditVideoInput ComfyLtx23ExtendVideoInput ComfyLtx23VideoToVideoInput;
    [prompted prompt negative_prompt size steps guidance_scale seed32 quantity lora_map
        duration generate_audio]
        ComfyLtx23FirstLastFrameToVideoInput;
    [prompted prompt negative_prompt images size steps guidance_scale seed32 lora_map
        duration generate_audio]
        ComfyLtx2CreateVideoInput;
    [prompted prompt negative_prompt source_video size steps guidance_scale seed32 lora_map
        duration generate_audio]
        ComfyLtx2EditVideoInput ComfyLtx2ExtendVideoInput;
    [prompted prompt negative_prompt size steps guidance_scale seed32 lora_map duration
        generate_audio]
        ComfyLtx2FirstLastFrameToVideoInput;
    [prompted prompt size steps seed64 duration]
        ComfyMiniMaxH3ImageToVideoInput;
    [prompted prompt images size steps seed64 duration]
        ComfyMiniMaxH3ReferenceToVideoInput;
    [prompted prompt duration]
        Flux3V3DraftEnhanceInput GrokTextToVideoInput GrokV15TextToVideoInput;
    [prompted prompt source_video duration generate_audio]
        Flux3V3ExtendVideoInput;
    [prompted prompt duration generate_audio]
        Flux3V3FirstLastFrameToVideoInput Flux3V3KeyframesToVideoInput
        Flux3V3TextToVideoInput;
    [prompted prompt image duration generate_audio]
        Flux3V3ImageToVideoInput;
    [prompted prompt video_url duration]
        GrokEditVideoInput;
    [prompted prompt images duration]
        GrokImageToVideoInput GrokV15ImageToVideoInput GrokV15ReferenceToVideoInput;
    [prompted prompt negative_prompt source_image seed64 duration]
        HaiperVideoGenInput;
    [prompted prompt image seed64 duration]
        HappyHorseV1ImageToVideoInput HappyHorseV1x1ImageToVideoInput;
    [prompted prompt images seed64 duration]
        HappyHorseV1ReferenceToVideoInput HappyHorseV1x1ReferenceToVideoInput;
    [prompted prompt seed64 duration]
        HappyHorseV1TextToVideoInput HappyHorseV1x1TextToVideoInput;
    [prompted prompt source_video seed64 duration]
        HappyHorseV1VideoEditInput;
    [prompted_cfg_4 prompt model size steps cfg_scale seed32 video_loras duration]
        HunyuanVdeoGenInput;
    [prompted prompt source_image images video_url duration generate_audio]
        KlingV3VideoGenInput;
    [prompted_cfg_half prompt negative_prompt source_image cfg_scale]
        KlingVideoGenInput;
    [prompted_cfg_4 prompt negative_prompt source_image steps cfg_scale seed32 duration]
        LightricksVideoGenInput;
    [prompt duration]
        MiniMaxH3VideoGenInput;
    [prompted prompt source_image]
        MiniMaxVideoGenInput;
    [prompted_seed prompt seed64]
        MochiVideoGenInput;
    [prompt images seed64 duration generate_audio]
        SeedanceVideoGenInput;
    [prompted prompt images seed32 duration]
        Sora2ImageToVideoInput ViduQ3VideoGenInput;
    [prompted prompt seed32 duration]
        Sora2TextToVideoInput;
    [prompted prompt negative_prompt images seed32 duration generate_audio]
        Veo3VideoGenInput;
    [prompted prompt source_image images seed32 duration]
        ViduVideoGenInput;
    [prompted_cfg_4 prompt model source_image images size steps cfg_scale seed32 video_loras
        duration]
        Wan21CivitaiVideoGenInput;
    [prompted_cfg_4 prompt source_image steps cfg_scale seed32 video_loras duration]
        Wan21FalVideoGenInput;
    [prompted_cfg_4 prompt negative_prompt model source_image images size steps cfg_scale
        seed32 video_loras duration]
        Wan22ComfyVideoGenInput;
    [prompted_cfg_4 prompt negative_prompt source_image images steps cfg_scale seed32
        video_loras duration]
        Wan22FalImageToVideoInput Wan225bFalImageToVideoInput Wan25FalImageToVideoInput;
    [prompted_cfg_4 prompt negative_prompt source_image steps cfg_scale seed32 video_loras
        duration]
        Wan22FalTextToVideoInput Wan225bFalTextToVideoInput Wan25FalTextToVideoInput
        Wan27FalReferenceToVideoInput;
    [prompted_cfg_4 prompt negative_prompt source_image images audio_url steps cfg_scale
        seed32 video_loras duration]
        Wan26FalImageToVideoInput;
    [prompted_cfg_4 prompt negative_prompt source_image audio_url steps cfg_scale seed32
        video_loras duration]
        Wan26FalReferenceToVideoInput Wan26FalTextToVideoInput Wan27FalTextToVideoInput;
    [prompted_cfg_4 prompt source_image video_url steps cfg_scale seed32 video_loras
        duration]
        Wan27FalEditVideoInput;
    [prompted_cfg_4 prompt negative_prompt source_image video_url audio_url steps cfg_scale
        seed32 video_loras duration]
        Wan27FalImageToVideoInput;
}
