using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;

[assembly: LoadableClass(
    typeof(RowTransformer), typeof(ModelFormat), null, typeof(SignatureLoadModel), "Transformer of MLNet.Transformers", ModelFormat.LoaderSignature)]

namespace MLNet.Transformers.Interop;

/// <summary>A transformer that can be read back from a model file.</summary>
internal interface ILoadable
{
    static abstract RowTransformer Load(IHostEnvironment env, ModelReader reader);
}

/// <summary>
/// The one entry of this library in ML.NET's catalog of what can be loaded. A model's header names this assembly, which ML.NET then loads by
/// itself; behind the header stands the type that is to read the rest.
/// </summary>
internal static class ModelFormat
{
    public const string LoaderSignature = "MLNetTransformersRow";

    private const string Signature = "MLNTRFMR";
    // Major and minor, two bytes each.
    private const uint Version = 0x00010001;

    // The simple name: a version in it would tie saved models to this build.
    public static VersionInfo Header => new(
        Signature, Version, Version, Version, typeof(ModelFormat).Assembly.GetName().Name, LoaderSignature);

    // ML.NET finds this method by its name and its parameters.
    private static RowTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        try
        {
            return Read(env, ctx);
        }
        catch (Exception error)
        {
            // ML.NET calls this method by reflection, which hides what is thrown here within other exceptions.
            env.Error($"A model could not be loaded: {error.Message}");
            throw;
        }
    }

    private static RowTransformer Read(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = new ModelReader(env, ctx);
        if (ctx.Header.ModelVerReadable > Version)
        {
            throw env.ExceptDecode(
                $"The model was saved by a newer version of MLNet.Transformers: its format is 0x{ctx.Header.ModelVerWritten:x8}, this version reads up to 0x{Version:x8}. Update the package MLNet.Transformers.");
        }
        ctx.CheckAtModel(Header);
        string assembly = ctx.LoadNonEmptyString();
        string name = ctx.LoadNonEmptyString();
        Type? type = Type.GetType($"{name}, {assembly}", throwOnError: false);
        if (type is null || !typeof(RowTransformer).IsAssignableFrom(type) || !typeof(ILoadable).IsAssignableFrom(type))
        {
            throw env.ExceptDecode($"The model holds a '{name}' of the assembly '{assembly}', which {(type is null ? "is not there" : "is no transformer of MLNet.Transformers")}.");
        }
        var load = typeof(ModelFormat).GetMethod(nameof(Load), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type).CreateDelegate<Func<IHostEnvironment, ModelReader, RowTransformer>>();
        return load(env, reader);
    }

    private static RowTransformer Load<T>(IHostEnvironment env, ModelReader reader) where T : RowTransformer, ILoadable => T.Load(env, reader);
}
