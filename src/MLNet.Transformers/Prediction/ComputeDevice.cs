using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Prediction;

/// <summary>Where and in which number format a network computes.</summary>
internal static class ComputeDevice
{
    /// <summary>The device that <c>MLContext.GpuDeviceId</c> names, or the CPU where it names none.</summary>
    /// <exception cref="InvalidOperationException">The device is not there, and the context does not fall back to the CPU.</exception>
    public static Device Select(int? gpuDeviceId, bool fallbackToCpu, Action<string> log)
    {
        NativeBackend.EnsureLoaded();
        if (gpuDeviceId is not { } id)
        {
            return CPU;
        }
        int count = cuda.is_available() ? cuda.device_count() : 0;
        if (id >= 0 && id < count)
        {
            return new Device(DeviceType.CUDA, id);
        }
        string found = count == 0
            ? "this process sees no CUDA device (is a libtorch-cuda package referenced and a driver installed?)"
            : $"this process sees {count}, numbered from 0";
        if (!fallbackToCpu)
        {
            throw new InvalidOperationException(
                $"MLContext.GpuDeviceId is {id}, but {found}. Set MLContext.FallbackToCpu to true to compute on the CPU instead.");
        }
        log($"MLContext.GpuDeviceId is {id}, but {found}: computing on the CPU.");
        return CPU;
    }

    /// <summary>What <see cref="Precision.Auto"/> means here.</summary>
    /// <param name="precision">What is asked for.</param>
    /// <param name="device">Where the network lies.</param>
    /// <param name="writes">Whether it writes token by token, which takes as long as the weights take to be read, and half of that where they are half as long.</param>
    /// <param name="log">Told what Auto means.</param>
    public static ScalarType ComputeType(Precision precision, Device device, bool writes, Action<string> log)
    {
        if (precision != Precision.Auto)
        {
            return precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        }
        (ScalarType type, string reason) = device.type == DeviceType.CUDA ? (ScalarType.BFloat16, "on a GPU")
            : Processor.HasFastBFloat16 ? (ScalarType.BFloat16, "this processor multiplies it faster than float32")
            : writes && Processor.HasBFloat16 ? (ScalarType.BFloat16, "weights of half the length are read in half the time")
            : (ScalarType.Float32, "this processor does not multiply bfloat16 faster");
        log($"Precision.Auto: {(type == ScalarType.BFloat16 ? "bfloat16" : "float32")}, as {reason}.");
        return type;
    }
}
