namespace System.Runtime.CompilerServices;

/// <summary>Known to the runtime by this name: code of the assembly that carries it may use the internals of the assembly that it names.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
