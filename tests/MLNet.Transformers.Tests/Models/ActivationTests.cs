using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Each activation against its formula in double precision.</summary>
public sealed class ActivationTests
{
    private static readonly Dictionary<string, Func<double, double>> _formulas = new()
    {
        ["gelu"] = Gelu,
        ["gelu_python"] = Gelu,
        ["gelu_10"] = x => Math.Clamp(Gelu(x), -10, 10),
        ["gelu_new"] = GeluTanh,
        ["gelu_pytorch_tanh"] = GeluTanh,
        ["gelu_python_tanh"] = GeluTanh,
        ["gelu_fast"] = GeluTanh,
        ["gelu_accurate"] = GeluTanh,
        ["quick_gelu"] = x => x * Sigmoid(1.702 * x),
        ["hardswish"] = x => x * Math.Clamp(x + 3, 0, 6) / 6,
        ["laplace"] = x => 0.5 * (1 + Erf((x - 0.707107) / (0.282095 * Math.Sqrt(2)))),
        ["leaky_relu"] = x => x > 0 ? x : 0.01 * x,
        ["linear"] = x => x,
        ["mish"] = x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ["relu"] = x => Math.Max(x, 0),
        ["relu2"] = x => Math.Pow(Math.Max(x, 0), 2),
        ["relu6"] = x => Math.Clamp(x, 0, 6),
        ["sigmoid"] = Sigmoid,
        ["silu"] = x => x * Sigmoid(x),
        ["sqrtsoftplus"] = x => Math.Sqrt(Math.Log(1 + Math.Exp(x))),
        ["swish"] = x => x * Sigmoid(x),
        ["tanh"] = Math.Tanh,
    };

    public static TheoryData<string> Names => [.. Activations.Known.Split(", ").Select(name => name.Trim('\''))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Follows_its_formula(string name)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        float[] inputs = [-12, -5, -2, -1, -0.7071f, -0.1f, 0, 0.1f, 0.7071f, 1, 2, 5, 9.5f, 12];

        Tensor found = Activations.Find(name)(tensor(inputs, [inputs.Length]));

        foreach ((float input, float output) in inputs.Zip(Networks.Values(found)))
        {
            double expected = _formulas[name](input);
            Assert.True(Math.Abs(expected - output) <= 2e-6 * Math.Max(1, Math.Abs(expected)), $"{name}({input}) is {output}, expected {expected}.");
        }
    }

    [Fact]
    public void Every_formula_has_its_name() => Assert.All(_formulas.Keys, name => Assert.True(Activations.IsKnown(name), name));

    [Fact]
    public void An_unknown_name_is_not_known() => Assert.False(Activations.IsKnown("GELU"));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Gelu(double x) => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    private static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    // The integral of the definition, by Simpson's rule; beyond 6 the rest is below double precision.
    private static double Erf(double x)
    {
        const int Steps = 2000;
        double end = Math.Clamp(x, -6, 6);
        double width = end / Steps;
        double sum = 1 + Math.Exp(-end * end);
        for (int i = 1; i < Steps; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Math.Exp(-Math.Pow(i * width, 2));
        }
        return 2 / Math.Sqrt(Math.PI) * sum * width / 3;
    }
}
