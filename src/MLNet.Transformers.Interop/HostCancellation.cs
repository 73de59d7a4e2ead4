using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>ML.NET's own check, which is internal there.</summary>
internal static class HostCancellation
{
    /// <exception cref="OperationCanceledException">The context was cancelled.</exception>
    public static void CheckAlive(this IHost host) => Contracts.CheckAlive(host);
}
