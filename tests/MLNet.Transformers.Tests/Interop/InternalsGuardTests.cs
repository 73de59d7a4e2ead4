using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using MLNet.Transformers.Interop;

namespace MLNet.Transformers.Tests.Interop;

/// <summary>
/// Which internals of ML.NET the compiled assembly touches. A new member is a decision, to be written down here; a member that a new version of
/// ML.NET lacks or has changed fails here, by name, before it fails at a user's.
/// </summary>
public sealed class InternalsGuardTests
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly string[] _internals =
    [
        "Microsoft.ML.Data.AnnotationBuilderExtensions",
        "Microsoft.ML.Data.AnnotationBuilderExtensions.AddSlotNames",
        "Microsoft.ML.Data.AnnotationUtils",
        "Microsoft.ML.Data.AnnotationUtils+Const",
        "Microsoft.ML.Data.AnnotationUtils+Kinds",
        "Microsoft.ML.Data.AnnotationUtils.AnnotationsForMulticlassScoreColumn",
        "Microsoft.ML.Data.AnnotationUtils.GetMaxAnnotationKind",
        "Microsoft.ML.Data.AnnotationUtils.GetTrainerOutputAnnotation",
        "Microsoft.ML.Data.AnnotationUtils.get_ScoreColumnSetIdType",
        "Microsoft.ML.Data.CatalogUtils",
        "Microsoft.ML.Data.CatalogUtils.GetEnvironment",
        "Microsoft.ML.Data.EmptyDataView",
        "Microsoft.ML.Data.EmptyDataView..ctor",
        "Microsoft.ML.Data.EmptyDataView.GetRowCursor",
        "Microsoft.ML.Data.IDataTransform",
        "Microsoft.ML.Data.IDataTransform.get_Source",
        "Microsoft.ML.Data.IInternalCatalog",
        "Microsoft.ML.Data.IO.BinarySaver",
        "Microsoft.ML.Data.IO.BinarySaver+Arguments",
        "Microsoft.ML.Data.IO.BinarySaver+Arguments..ctor",
        "Microsoft.ML.Data.IO.BinarySaver..ctor",
        "Microsoft.ML.Data.IO.BinarySaver.TryLoadTypeAndValue",
        "Microsoft.ML.Data.IO.BinarySaver.TryWriteTypeAndValue",
        "Microsoft.ML.LoadableClassAttribute",
        "Microsoft.ML.LoadableClassAttribute..ctor",
        "Microsoft.ML.Model.OnnxConverter.ICanSaveOnnx",
        "Microsoft.ML.Model.OnnxConverter.ICanSaveOnnx.CanSaveOnnx",
        "Microsoft.ML.Model.OnnxConverter.ISaveAsOnnx",
        "Microsoft.ML.Model.OnnxConverter.ISaveAsOnnx.SaveAsOnnx",
        "Microsoft.ML.Model.OnnxConverter.ITransformCanSaveOnnx",
        "Microsoft.ML.Model.OnnxConverter.OnnxContext",
        "Microsoft.ML.ModelHeader",
        "Microsoft.ML.ModelHeader.ModelVerReadable",
        "Microsoft.ML.ModelHeader.ModelVerWritten",
        "Microsoft.ML.ModelLoadContext",
        "Microsoft.ML.ModelLoadContext.CheckAtModel",
        "Microsoft.ML.ModelLoadContext.Directory",
        "Microsoft.ML.ModelLoadContext.Header",
        "Microsoft.ML.ModelLoadContext.LoadNonEmptyString",
        "Microsoft.ML.ModelLoadContext.Reader",
        "Microsoft.ML.ModelLoadContext.Repository",
        "Microsoft.ML.ModelLoadContext.TryLoadBinaryStream",
        "Microsoft.ML.ModelLoadContext.get_InRepository",
        "Microsoft.ML.ModelSaveContext.CheckAtModel",
        "Microsoft.ML.ModelSaveContext.Directory",
        "Microsoft.ML.ModelSaveContext.Repository",
        "Microsoft.ML.ModelSaveContext.SaveBinaryStream",
        "Microsoft.ML.ModelSaveContext.SaveNonEmptyString",
        "Microsoft.ML.ModelSaveContext.SetVersionInfo",
        "Microsoft.ML.ModelSaveContext.Writer",
        "Microsoft.ML.ModelSaveContext.get_InRepository",
        "Microsoft.ML.RepositoryReader",
        "Microsoft.ML.RepositoryWriter",
        "Microsoft.ML.Runtime.Contracts",
        "Microsoft.ML.Runtime.Contracts.CheckAlive",
        "Microsoft.ML.Runtime.Contracts.Except",
        "Microsoft.ML.Runtime.Contracts.ExceptDecode",
        "Microsoft.ML.Runtime.Contracts.ExceptSchemaMismatch",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal.get_FallbackToCpu",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal.get_GpuDeviceId",
        "Microsoft.ML.Runtime.IHostEnvironmentInternal.get_Seed",
        "Microsoft.ML.SchemaShape+Column..ctor",
        "Microsoft.ML.SchemaShape+Column.GetTypeString",
        "Microsoft.ML.SchemaShape.Create",
        "Microsoft.ML.SchemaShape.TryFindColumn",
        "Microsoft.ML.SignatureLoadModel",
        "Microsoft.ML.VersionInfo",
        "Microsoft.ML.VersionInfo..ctor",
    ];

    private static readonly string[] _privates =
    [
        "Microsoft.ML.RepositoryReader._archive: System.IO.Compression.ZipArchive",
        "Microsoft.ML.RepositoryWriter.Flush()",
        "Microsoft.ML.RepositoryWriter._archive: System.IO.Compression.ZipArchive",
    ];

    [Fact]
    public void The_internals_used_are_those_listed() => Assert.Equal(_internals, Used());

    [Fact]
    public void The_private_members_used_are_those_listed_and_they_are_there()
    {
        string[] used = [.. typeof(RowTransformer).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Any))
            .Where(method => method.GetCustomAttribute<UnsafeAccessorAttribute>() is not null)
            .Select(Describe).Order(StringComparer.Ordinal)];
        Assert.Equal(_privates, used);
    }

    [Fact]
    public void The_types_that_this_assembly_names_are_public_to_it_only()
    {
        string[] names = [.. typeof(RowTransformer).Assembly.CustomAttributes
            .Where(attribute => attribute.AttributeType.Name == "IgnoresAccessChecksToAttribute")
            .Select(attribute => (string)attribute.ConstructorArguments[0].Value!)];
        Assert.Equal(["Microsoft.ML.Core", "Microsoft.ML.Data"], names);
    }

    private static string Describe(MethodInfo accessor)
    {
        UnsafeAccessorAttribute attribute = accessor.GetCustomAttribute<UnsafeAccessorAttribute>()!;
        Type type = accessor.GetParameters()[0].ParameterType;
        MemberInfo[] found = type.GetMember(attribute.Name!, Any);
        return found is [FieldInfo field] ? $"{type.FullName}.{attribute.Name}: {field.FieldType.FullName}"
            : found is [MethodInfo method] ? $"{type.FullName}.{attribute.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.ParameterType.Name))})"
            : $"{type.FullName}.{attribute.Name} is not there";
    }

    private static IEnumerable<string> Used()
    {
        Module module = typeof(RowTransformer).Module;
        using var image = new PEReader(File.OpenRead(module.FullyQualifiedName));
        MetadataReader metadata = image.GetMetadataReader();
        IEnumerable<string> types = metadata.TypeReferences
            .Select(handle => module.ResolveType(MetadataTokens.GetToken(handle)))
            .Where(type => IsOfMlNet(type) && !type.IsVisible)
            .Select(type => type.FullName!);
        // Members of generic types need arguments to be resolved, any will do.
        Type[] arguments = [.. Enumerable.Repeat(typeof(uint), 4)];
        IEnumerable<string> members = metadata.MemberReferences
            .Select(handle => module.ResolveMember(MetadataTokens.GetToken(handle), arguments, arguments)!)
            .Where(member => IsOfMlNet(member.DeclaringType!) && !IsAccessible(member))
            .Select(member => $"{TypeName(member.DeclaringType!)}.{member.Name}");
        return types.Concat(members).Distinct().Order(StringComparer.Ordinal);
    }

    private static bool IsOfMlNet(Type type) => type.Assembly.GetName().Name is "Microsoft.ML.Core" or "Microsoft.ML.Data";

    private static string TypeName(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!;

    private static bool IsAccessible(MemberInfo member) => member.DeclaringType!.IsVisible && member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => false,
    };
}
