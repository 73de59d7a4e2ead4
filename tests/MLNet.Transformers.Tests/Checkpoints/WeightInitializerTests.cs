using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Training;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Tests.Checkpoints;

public sealed class WeightInitializerTests : IDisposable
{
    private const double Deviation = 0.02;

    private readonly DisposeScope _scope;

    public WeightInitializerTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Matrices_are_normal_and_not_cut_off()
    {
        float[] values = Fresh("dense.weight", 1, 400, 500);

        double mean = values.Average(value => (double)value);
        double deviation = Math.Sqrt(values.Average(value => Math.Pow(value - mean, 2)));
        Assert.InRange(mean, -2e-4, 2e-4);
        Assert.InRange(deviation / Deviation, 0.99, 1.01);
        // Of a normal distribution 4.55 % lie beyond two deviations.
        Assert.InRange(values.Count(value => Math.Abs(value) > 2 * Deviation) / (double)values.Length, 0.043, 0.048);
    }

    [Fact]
    public void The_seed_decides_the_values()
    {
        Assert.Equal(Fresh("dense.weight", 5, 7, 11), Fresh("dense.weight", 5, 7, 11));
        Assert.NotEqual(Fresh("dense.weight", 5, 7, 11), Fresh("dense.weight", 6, 7, 11));
        Assert.NotEqual(Fresh("dense.weight", 5, 7, 11), Fresh("dense.weight", -5, 7, 11));
    }

    [Fact]
    public void Two_matrices_of_one_seed_differ() => Assert.NotEqual(Fresh("layer.0.weight", 5, 7, 11), Fresh("layer.1.weight", 5, 7, 11));

    [Fact]
    public void The_global_generator_has_no_part_in_it()
    {
        float[] first = Fresh("dense.weight", 5, 7, 11);
        using (RandomState.Enter(seed: 3, step: 0))
        {
            rand(10);
        }

        Assert.Equal(first, Fresh("dense.weight", 5, 7, 11));
    }

    [Fact]
    public void Biases_are_zero_and_scales_one()
    {
        TaskModel model = TaskModel.Create(Networks.Config(), HeadKind.Pretraining, Placement.Cpu);
        foreach ((string name, Parameter parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, new FreshWeights(Deviation), 1);
        }

        foreach ((string name, Parameter parameter) in model.NamedParameters.Where(item => item.Parameter.dim() == 1))
        {
            float expected = name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? 1 : 0;
            Assert.All(Networks.Values(parameter), value => Assert.Equal(expected, value));
        }
    }

    private static float[] Fresh(string name, int seed, params long[] shape)
    {
        var parameter = new Parameter(empty(shape));
        WeightInitializer.Initialize(name, parameter, new FreshWeights(Deviation), seed);
        return Networks.Values(parameter);
    }
}
