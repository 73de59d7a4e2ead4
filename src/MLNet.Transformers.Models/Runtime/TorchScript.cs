using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Runtime;

/// <summary>
/// A script for operators that TorchSharp does not bind; TorchScript reaches every aten operator. It takes tensors alone: TorchSharp frees the wrapper of
/// a number while the script may still read it, so numbers travel as <see cref="ScriptNumber"/>.
/// </summary>
/// <param name="source">A constant, never made from input: a script that does not compile ends the process.</param>
internal sealed class TorchScript(string source)
{
    private readonly Lazy<jit.CompilationUnit> _unit = new(() => jit.compile(source));

    /// <summary>Calls a function of the script.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">Tensors, or arrays of tensors.</param>
    public object Invoke(string function, params object[] arguments)
    {
        object result = _unit.Value.invoke(function, arguments);
        GC.KeepAlive(arguments);
        return result;
    }
}

/// <summary>A number that a <see cref="TorchScript"/> reads: a tensor of no dimensions, in a wrapper so that no module takes it for a part of its state.</summary>
internal sealed class ScriptNumber(double value) : IDisposable
{
    /// <summary>float64, on the CPU; it outlives dispose scopes.</summary>
    public Tensor Tensor { get; } = tensor(value, ScalarType.Float64).DetachFromDisposeScope();

    public void Dispose() => Tensor.Dispose();
}
