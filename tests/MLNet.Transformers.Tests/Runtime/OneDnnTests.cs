using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Runtime;

public sealed class OneDnnTests : IDisposable
{
    private readonly DisposeScope _scope;

    public OneDnnTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32, 1e-5)]
    [InlineData(ScalarType.BFloat16, 0.1)]
    public void Gives_the_product_of_libtorch(ScalarType type, double tolerance)
    {
        Assert.SkipUnless(OneDnn.Supports(type), $"oneDNN does not multiply {type} here.");
        using var generator = new Generator(5);
        Tensor weight = empty(7, 24).normal_(0, 1, generator).to(type), bias = empty(7).normal_(0, 1, generator).to(type);
        Tensor packed = OneDnn.Pack(weight);
        Tensor[] inputs =
        [
            empty(1, 24).normal_(0, 1, generator), empty(3, 5, 24).normal_(0, 1, generator),
            empty(24, 9).normal_(0, 1, generator).t(), empty(4, 6, 24).normal_(0, 1, generator).narrow(1, 2, 3),
        ];

        Assert.All(inputs.Select(x => x.to(type)), x =>
        {
            foreach (Tensor? added in (Tensor?[])[bias, null])
            {
                Networks.AssertClose(
                    Networks.Values(nn.functional.linear(x, weight, added)), Networks.Values(OneDnn.Linear(x, packed, added)), tolerance);
            }
        });
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Int64)]
    public void Says_what_it_cannot_multiply(ScalarType type) => Assert.False(OneDnn.Supports(type));

    [Fact]
    public void A_layer_uses_new_weights_after_a_change_of_mode()
    {
        using var layer = new Linear(3, 2, Placement.Cpu);
        using var noGradient = no_grad();
        layer.eval();
        foreach (var parameter in layer.parameters())
        {
            parameter.fill_(1);
        }
        Assert.Equal([4f, 4f], Networks.Values(layer.forward(ones(3))));

        layer.train();
        foreach (var parameter in layer.parameters())
        {
            parameter.fill_(2);
        }
        layer.eval();

        Assert.Equal([8f, 8f], Networks.Values(layer.forward(ones(3))));
    }
}
