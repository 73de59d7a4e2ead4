using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Activation functions by the names that config.json uses (the reference's ACT2FN table).</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> _byName = new()
    {
        ["gelu"] = nn.functional.gelu,
        ["gelu_python"] = nn.functional.gelu,
        ["gelu_new"] = GeluTanh,
        ["gelu_pytorch_tanh"] = GeluTanh,
        ["gelu_python_tanh"] = GeluTanh,
        ["gelu_fast"] = GeluTanh,
        ["gelu_accurate"] = GeluTanh,
        ["gelu_10"] = x => nn.functional.gelu(x).clamp(Number(-10), Number(10)),
        ["quick_gelu"] = x => x * (x * Number(1.702)).sigmoid(),
        ["hardswish"] = x => nn.functional.hardswish(x),
        ["laplace"] = x => ((x - Number(0.707107)) / Number(0.282095 * Math.Sqrt(2))).erf().Plus(Number(1)).mul(Number(0.5)),
        ["leaky_relu"] = x => x.where(x.gt(Number(0)), x * Number(0.01)),
        ["linear"] = x => x.alias(),
        ["mish"] = x => x * Softplus(x).tanh(),
        ["relu"] = x => nn.functional.relu(x),
        ["relu2"] = x => nn.functional.relu(x).pow(Number(2)),
        ["relu6"] = x => nn.functional.relu6(x),
        ["sigmoid"] = x => x.sigmoid(),
        ["silu"] = x => nn.functional.silu(x),
        ["sqrtsoftplus"] = x => Softplus(x).sqrt(),
        ["swish"] = x => nn.functional.silu(x),
        ["tanh"] = x => x.tanh(),
    };

    public static bool IsKnown(string name) => _byName.ContainsKey(name);

    public static string Known => string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));

    public static Func<Tensor, Tensor> Find(string name) => _byName[name];

    private static Tensor GeluTanh(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);

    // TorchSharp's own softplus makes wrappers of numbers that it does not hold on to.
    private static Tensor Softplus(Tensor x) => x.neg().log_sigmoid().neg();
}
