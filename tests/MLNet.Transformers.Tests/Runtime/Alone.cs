namespace MLNet.Transformers.Tests.Runtime;

/// <summary>Tests that look at what the whole process holds: living tensors, the environment, memory. None runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
