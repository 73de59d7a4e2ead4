using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// oneDNN's matrix products with weights that are laid out for it once. libtorch's own go through MKL in float32, which is less than half as fast on
/// AMD processors, and lay bfloat16 weights out anew at each call.
/// </summary>
internal static class OneDnn
{
    private const string Methods = """
          def pack(self: __torch__.OneDnn, weight: Tensor) -> Tensor:
            return ops.mkldnn._reorder_linear_weight(weight)
          def linear(self: __torch__.OneDnn, x: Tensor, packed: Tensor, bias: Optional[Tensor]) -> Tensor:
            return ops.mkldnn._linear_pointwise(x, packed, bias, "none", annotate(List[Optional[number]], []), "")
        """;

    private static readonly Lazy<jit.ScriptModule?> _module = new(Load);

    /// <summary>Whether this libtorch and this processor have it for a type: float32, or bfloat16 where the processor multiplies it.</summary>
    public static bool Supports(ScalarType type) =>
        (type is ScalarType.Float32 || (type is ScalarType.BFloat16 && Processor.HasBFloat16)) && _module.Value is not null;

    /// <summary>A matrix in oneDNN's own order; it can only be multiplied by.</summary>
    /// <param name="weight">(outputs, inputs), on the CPU.</param>
    public static Tensor Pack(Tensor weight) => Invoke("pack", weight);

    /// <summary>x·Wᵀ + b; no gradient.</summary>
    /// <param name="x">(..., inputs).</param>
    /// <param name="packed">What <see cref="Pack"/> made, of the same type.</param>
    /// <param name="bias">(outputs), or null.</param>
    public static Tensor Linear(Tensor x, Tensor packed, Tensor? bias) => Invoke("linear", x, packed, bias!);

    private static Tensor Invoke(string method, params object[] tensors)
    {
        var result = (Tensor)_module.Value!.invoke(method, tensors);
        GC.KeepAlive(tensors);
        return result;
    }

    // Measured on x64 alone. A libtorch that was built without oneDNN does not know the operators.
    private static jit.ScriptModule? Load()
    {
        if (RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64)
        {
            return null;
        }
        try
        {
            return jit.load(ScriptArchive.Create(nameof(OneDnn), Methods), CPU);
        }
        catch (ExternalException)
        {
            return null;
        }
    }
}
