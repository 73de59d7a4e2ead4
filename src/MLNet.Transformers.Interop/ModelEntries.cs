using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace MLNet.Transformers.Interop;

/// <summary>
/// The zip behind a model file. ML.NET writes and reads each entry through a temporary file and compresses it, which for weights takes ten times as
/// long and gains little. The zip is a private member there: where a later ML.NET has no such member, its own way is taken.
/// </summary>
internal static class ModelEntries
{
    /// <summary>An entry's name: folders with slashes, which ML.NET's own reader finds on every platform.</summary>
    public static string Name(string? directory, string name) => Path.Combine(directory ?? "", name).Replace('\\', '/');

    /// <summary>The zip being written, ready for an entry of ours.</summary>
    public static bool TryGetArchive(RepositoryWriter repository, [NotNullWhen(true)] out ZipArchive? archive)
    {
        try
        {
            archive = Archive(repository);
            // Entries that ML.NET has closed but not yet copied into the zip go first: only one can be open at a time.
            Flush(repository);
            return archive is not null;
        }
        catch (Exception error) when (error is MissingFieldException or MissingMethodException)
        {
            archive = null;
            return false;
        }
    }

    /// <summary>An entry of the zip being read; null: it is not there, or the zip cannot be reached.</summary>
    public static ZipArchiveEntry? Find(RepositoryReader repository, string name)
    {
        try
        {
            ZipArchive archive = Archive(repository);
            return archive.GetEntry(name) ?? archive.GetEntry(name.Replace('/', '\\'));
        }
        catch (MissingFieldException)
        {
            return null;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive Archive(RepositoryWriter repository);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Flush")]
    private static extern void Flush(RepositoryWriter repository);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
    private static extern ref ZipArchive Archive(RepositoryReader repository);
}
