using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>What a context says of seed and device.</summary>
/// <param name="Seed">The seed given to <see cref="MLContext"/>, or null.</param>
/// <param name="GpuDeviceId"><see cref="MLContext.GpuDeviceId"/>.</param>
/// <param name="FallbackToCpu"><see cref="MLContext.FallbackToCpu"/>.</param>
internal readonly record struct HostSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu);

/// <summary>Environment, log and cancellation of ML.NET.</summary>
internal static class HostExtensions
{
    public static HostSettings Settings(this IHostEnvironment environment) => environment is IHostEnvironmentInternal host
        ? new HostSettings(host.Seed, host.GpuDeviceId, host.FallbackToCpu)
        : default;

    /// <summary>Writes a line to <see cref="MLContext.Log"/>.</summary>
    public static void Info(this IHost host, string message)
    {
        using IChannel channel = host.Start("MLNet.Transformers");
        channel.Info(MessageSensitivity.None, message);
    }

    /// <summary>Throws <see cref="OperationCanceledException"/> where the context was cancelled.</summary>
    public static void ThrowIfCancelled(this IHost host) => host.CheckAlive();

    /// <summary>A getter of a key of any width as a number from 1; 0: missing.</summary>
    public static ValueGetter<ulong> KeyGetter(this DataViewRow row, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        return type == typeof(uint) ? Widen<uint>(value => value)
            : type == typeof(byte) ? Widen<byte>(value => value)
            : type == typeof(ushort) ? Widen<ushort>(value => value)
            : row.GetGetter<ulong>(column);

        ValueGetter<ulong> Widen<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            T value = default!;
            return (ref ulong wide) =>
            {
                getter(ref value);
                wide = widen(value);
            };
        }
    }
}
