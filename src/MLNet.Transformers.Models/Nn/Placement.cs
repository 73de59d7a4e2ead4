using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Where the parameters of a network are made and in which type; their content is left undefined until they are loaded or initialised.</summary>
internal readonly record struct Placement(Device Device, ScalarType Type)
{
    /// <summary>Names and shapes only: nothing is allocated.</summary>
    public static Placement Meta => On(DeviceType.META);

    public static Placement Cpu => On(DeviceType.CPU);

    // The first use of a device starts TorchSharp, which has to find libtorch loaded.
    private static Placement On(DeviceType device)
    {
        NativeBackend.EnsureLoaded();
        return new Placement(new Device(device), ScalarType.Float32);
    }

    public Tensor Empty(params long[] shape) => empty(shape, Type, Device);
}
