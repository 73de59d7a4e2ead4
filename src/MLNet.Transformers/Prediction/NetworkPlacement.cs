using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Prediction;

/// <summary>Puts a network on the device that the context names and into a number format, and logs what was decided.</summary>
internal static class NetworkPlacement
{
    /// <summary>The network of a checkpoint with the head that is in it, placed.</summary>
    /// <param name="checkpoint">Where it is.</param>
    /// <param name="head">The head.</param>
    /// <param name="precision">The number format.</param>
    /// <param name="host">Device and log.</param>
    /// <param name="packing">How matrices are kept, of a network that writes.</param>
    public static TaskModel Apply(Checkpoint checkpoint, HeadKind head, Precision precision, IHost host, MatrixPacking packing = MatrixPacking.None)
    {
        TaskModel network = NetworkLoader.Apply(checkpoint, head, host.Info, packing);
        try
        {
            Place(network, precision, host, writes: packing != MatrixPacking.None);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    public static void Place(TaskModel model, Precision precision, IHost host, bool writes = false)
    {
        foreach (string message in NativeBackend.TakeMessages())
        {
            host.Info(message);
        }
        HostSettings settings = host.Settings();
        Device device = ComputeDevice.Select(settings.GpuDeviceId, settings.FallbackToCpu, host.Info);
        if (device.type != DeviceType.CPU)
        {
            model.UnpackForGood();
            model.to(device);
        }
        model.ComputeType = ComputeDevice.ComputeType(precision, device, writes, host.Info);
    }
}
