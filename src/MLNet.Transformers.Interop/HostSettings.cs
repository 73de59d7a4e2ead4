using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>What a context says of seed and device.</summary>
/// <param name="Seed">The seed given to <see cref="MLContext"/>, or null.</param>
/// <param name="GpuDeviceId"><see cref="MLContext.GpuDeviceId"/>.</param>
/// <param name="FallbackToCpu"><see cref="MLContext.FallbackToCpu"/>.</param>
internal readonly record struct HostSettings(int? Seed, int? GpuDeviceId, bool FallbackToCpu);

internal static class HostSettingsExtensions
{
    public static HostSettings Settings(this IHostEnvironment environment) => environment is IHostEnvironmentInternal host
        ? new HostSettings(host.Seed, host.GpuDeviceId, host.FallbackToCpu)
        : default;
}
