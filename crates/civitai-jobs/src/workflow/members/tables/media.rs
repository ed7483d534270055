//! What engines for three-dimensional models can be told.

use super::*;

members! {
    [prompt image_url steps cfg_scale seed64]
        Hunyuan3DImageTo3DComfyPolyGenInput Hunyuan3DShapeGenComfyPolyGenInput;
    [image_url steps cfg_scale seed64]
        Hunyuan3DTexGenComfyPolyGenInput;
    [image_url seed32]
        MeshyImageTo3DFalPolyGenInput;
    [prompted prompt seed32]
        MeshyTextTo3DFalPolyGenInput;
    [image_url seed64]
        TripoFalPolyGenInput;
}
