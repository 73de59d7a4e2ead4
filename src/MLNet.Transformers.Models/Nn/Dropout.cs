using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Dropout (Srivastava et al. 2014): some values become 0, the others grow so that their mean stays.</summary>
internal static class Dropout
{
    /// <param name="x">Values of any shape.</param>
    /// <param name="share">Share of them that is dropped, 0 to 1.</param>
    /// <param name="training">Outside of training nothing is.</param>
    public static Tensor Of(Tensor x, double share, bool training)
    {
        if (!training || share == 0)
        {
            return x;
        }
        if (x.device.type != DeviceType.CPU || share >= 1)
        {
            return nn.functional.dropout(x, share, training);
        }
        using Tensor mask = DropoutMask.Draw(x.shape, share);
        if (x.dtype == ScalarType.Float32)
        {
            return x.mul(mask);
        }
        // 1 / (1 - share) would be another number in bfloat16: what is kept grows in float32.
        using Tensor grown = x.to(ScalarType.Float32).mul(mask);
        return grown.to(x.dtype);
    }
}
