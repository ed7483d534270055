//! Engines that make three-dimensional models, and what is done to the parts of a film: where each stands in its union.

use super::unions;

unions! {
    PolyGenInput {
        Comfy(ComfyPolyGenInput), Fal(FalPolyGenInput),
    }
    ComfyPolyGenInput {
        Hunyuan3D(Hunyuan3DComfyPolyGenInput),
    }
    Hunyuan3DComfyPolyGenInput {
        ImageTo3D(Hunyuan3DImageTo3DComfyPolyGenInput),
        ShapeGen(Hunyuan3DShapeGenComfyPolyGenInput),
        TexGen(Hunyuan3DTexGenComfyPolyGenInput),
    }
    FalPolyGenInput {
        Meshy(MeshyFalPolyGenInput), Tripo(TripoFalPolyGenInput),
    }
    MediaTransformer {
        BackgroundRemoval(BackgroundRemovalTransformer), FadeIn(FadeInTransformer),
        FadeOut(FadeOutTransformer), Volume(VolumeTransformer),
    }
}
