// Copies an assembly and makes its internal types and members public, for the compiler's eyes only. Accessibility is two or three bits of a
// fixed-width column of the metadata tables, so the bytes are changed where they lie and the assembly's identity stays.
using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

if (args is not [string source, string target])
{
    throw new ArgumentException("Usage: Publicizer SOURCE.dll TARGET.dll");
}

byte[] image = File.ReadAllBytes(source);
using var assembly = new PEReader(new MemoryStream(image, writable: false));
MetadataReader metadata = assembly.GetMetadataReader();

foreach (TypeDefinitionHandle handle in metadata.TypeDefinitions)
{
    TypeAttributes attributes = metadata.GetTypeDefinition(handle).Attributes;
    TypeAttributes visibility = (attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.NotPublic => TypeAttributes.Public,
        TypeAttributes.NestedAssembly or TypeAttributes.NestedFamORAssem or TypeAttributes.NestedFamANDAssem => TypeAttributes.NestedPublic,
        TypeAttributes other => other,
    };
    BinaryPrimitives.WriteUInt32LittleEndian(Row(TableIndex.TypeDef, handle), (uint)(attributes & ~TypeAttributes.VisibilityMask | visibility));
}

foreach (MethodDefinitionHandle handle in metadata.MethodDefinitions)
{
    MethodAttributes attributes = metadata.GetMethodDefinition(handle).Attributes;
    if ((attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Assembly or MethodAttributes.FamANDAssem or MethodAttributes.FamORAssem)
    {
        // Flags follow the address (4 bytes) and the implementation flags (2 bytes).
        BinaryPrimitives.WriteUInt16LittleEndian(
            Row(TableIndex.MethodDef, handle)[6..], (ushort)(attributes & ~MethodAttributes.MemberAccessMask | MethodAttributes.Public));
    }
}

foreach (FieldDefinitionHandle handle in metadata.FieldDefinitions)
{
    FieldAttributes attributes = metadata.GetFieldDefinition(handle).Attributes;
    if ((attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Assembly or FieldAttributes.FamANDAssem or FieldAttributes.FamORAssem)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(
            Row(TableIndex.Field, handle), (ushort)(attributes & ~FieldAttributes.FieldAccessMask | FieldAttributes.Public));
    }
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
File.WriteAllBytes(target, image);

Span<byte> Row(TableIndex table, EntityHandle handle)
{
    int offset = metadata.GetTableMetadataOffset(table) + (MetadataTokens.GetRowNumber(handle) - 1) * metadata.GetTableRowSize(table);
    return image.AsSpan(assembly.PEHeaders.MetadataStartOffset + offset);
}
