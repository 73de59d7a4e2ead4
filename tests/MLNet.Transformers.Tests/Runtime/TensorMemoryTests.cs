using MLNet.Transformers.Models.Runtime;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Runtime;

public unsafe class TensorMemoryTests
{
    [Fact]
    public void A_part_of_a_tensor_begins_where_it_begins()
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor whole = arange(12, ScalarType.Float32).reshape(3, 4);

        Assert.Equal(0, *TensorMemory.Float32(whole));
        Assert.Equal(8, *TensorMemory.Float32(whole[2]));
        Assert.Equal(4, *TensorMemory.Float32(whole.narrow(0, 1, 2)));
    }
}
