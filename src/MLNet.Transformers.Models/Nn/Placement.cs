using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Nn;

/// <summary>Where the parameters of a network are made and in which type; their content is left undefined until they are loaded or initialised.</summary>
internal readonly record struct Placement(Device Device, ScalarType Type)
{
    /// <summary>Names and shapes only: nothing is allocated.</summary>
    public static Placement Meta => new(new Device(DeviceType.META), ScalarType.Float32);

    public static Placement Cpu => new(CPU, ScalarType.Float32);

    public Tensor Empty(params long[] shape) => empty(shape, Type, Device);
}
