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
        ["gelu_10"] = x => nn.functional.gelu(x).clamp(-10, 10),
        ["quick_gelu"] = x => x * (x * 1.702).sigmoid(),
        ["hardswish"] = x => nn.functional.hardswish(x),
        ["laplace"] = x => ((x - 0.707107) / (0.282095 * Math.Sqrt(2))).erf().add(1).mul(0.5),
        ["leaky_relu"] = x => nn.functional.leaky_relu(x, 0.01),
        ["linear"] = x => x.alias(),
        ["mish"] = x => nn.functional.mish(x),
        ["relu"] = x => nn.functional.relu(x),
        ["relu2"] = x => nn.functional.relu(x).square(),
        ["relu6"] = x => nn.functional.relu6(x),
        ["sigmoid"] = x => x.sigmoid(),
        ["silu"] = x => nn.functional.silu(x),
        ["sqrtsoftplus"] = x => nn.functional.softplus(x).sqrt(),
        ["swish"] = x => nn.functional.silu(x),
        ["tanh"] = x => x.tanh(),
    };

    public static bool IsKnown(string name) => _byName.ContainsKey(name);

    public static string Known => string.Join(", ", _byName.Keys.Order(StringComparer.Ordinal).Select(name => $"'{name}'"));

    public static Func<Tensor, Tensor> Find(string name) => _byName[name];

    private static Tensor GeluTanh(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
}
