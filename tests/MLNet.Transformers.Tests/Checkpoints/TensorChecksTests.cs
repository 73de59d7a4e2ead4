using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints;

public sealed class TensorChecksTests : IDisposable
{
    private const int Count = 101;

    private readonly DisposeScope _scope;

    public TensorChecksTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<ScalarType, float> Cases
    {
        get
        {
            var cases = new TheoryData<ScalarType, float>();
            foreach (ScalarType type in (ScalarType[])[ScalarType.Float64, ScalarType.Float32, ScalarType.Float16, ScalarType.BFloat16])
            {
                cases.Add(type, float.NaN);
                cases.Add(type, float.PositiveInfinity);
                cases.Add(type, float.NegativeInfinity);
            }
            return cases;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finds_one_bad_value_at_any_place(ScalarType type, float bad)
    {
        for (int at = 0; at < Count; at++)
        {
            Tensor values = zeros(Count, type);
            values[at] = tensor(bad).to(type);
            Assert.False(TensorChecks.IsFinite(values), $"{bad} at {at}");
        }
    }

    [Fact]
    public void Large_and_small_numbers_are_finite()
    {
        // Their sum is not, and subnormal numbers have no exponent at all.
        Assert.True(TensorChecks.IsFinite(full(Count, float.MaxValue)));
        Assert.True(TensorChecks.IsFinite(full(Count, double.MinValue, ScalarType.Float64)));
        Assert.True(TensorChecks.IsFinite(full(Count, 65504, ScalarType.Float16)));
        Assert.True(TensorChecks.IsFinite(full(Count, 3.3e38, ScalarType.BFloat16)));
        Assert.True(TensorChecks.IsFinite(full(Count, float.Epsilon)));
    }

    [Fact]
    public void Whole_numbers_are_finite()
    {
        Assert.True(TensorChecks.IsFinite(full(Count, -1, ScalarType.Int64)));
        Assert.True(TensorChecks.IsFinite(ones(Count, ScalarType.Bool)));
    }

    [Fact]
    public void Looks_only_at_what_a_view_shows()
    {
        Tensor whole = zeros(4, 6);
        whole[0, 0] = float.NaN;

        Assert.False(TensorChecks.IsFinite(whole.t()));
        Assert.True(TensorChecks.IsFinite(whole.narrow(1, 1, 5)));
        Assert.True(TensorChecks.IsFinite(zeros(0, 3)));
    }
}
