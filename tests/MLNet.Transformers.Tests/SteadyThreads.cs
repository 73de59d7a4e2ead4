using System.Runtime.CompilerServices;
using MLNet.Transformers.Models.Runtime;

namespace MLNet.Transformers.Tests;

/// <summary>
/// Tests that compare to the last bit need the same number of threads throughout, whatever else the machine does meanwhile: sums of floats depend on
/// how they are divided.
/// </summary>
internal static class SteadyThreads
{
    /// <summary>A variable that leaves a child process of these tests as users find it.</summary>
    public const string AsForUsers = "MLNET_TRANSFORMERS_TESTS_AS_FOR_USERS";

    [ModuleInitializer]
    internal static void Keep() => AppContext.SetSwitch(ComputeThreads.Keep.Name, Environment.GetEnvironmentVariable(AsForUsers) is null);
}
