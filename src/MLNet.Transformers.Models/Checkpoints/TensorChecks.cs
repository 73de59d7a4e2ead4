using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Checks of what a checkpoint holds.</summary>
internal static class TensorChecks
{
    /// <summary>Whether every value is a finite number. One pass: a sum is finite only where every value is, but for sums that overflow, which are then looked at again.</summary>
    public static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Tensor flat = tensor.detach();
        return double.IsFinite(flat.sum(ScalarType.Float64).item<double>()) || flat.isfinite().all().item<bool>();
    }
}
